/* pages_linux.c: pages by mmap and mremap; see pages.h. */
#include "core/system/system.h"

#include "core/system/pages.h"

#if defined(SYSTEM_PAGES_LINUX)

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

typedef enum space {
    SPACE_UNKNOWN, /* a small region: nobody has asked yet, as that takes longer than to move it */
    SPACE_SCARCE,
    SPACE_FREE /* more than needed is mapped, since address space cost nothing at that time */
} space;

typedef struct region {
    size_t mapped;    /* bytes of the mapping, with the header */
    size_t populated; /* this many of the first bytes of data have their pages for certain */
    size_t idle;      /* see pages_idle_bytes */
    void *next;       /* see pages_next_idle */
    size_t lead;      /* bytes of the mapping before data; the header is at their end */
    space space;
} region;

/*
** Data that does not grow ends at a multiple of a huge page, so that no huge page is used in part at the end; the odd
** rest at the front is on small pages. Data that grows will end elsewhere, so it begins at such a multiple, since huge
** pages are touched faster than small ones. The mapping begins this much before the data (a multiple of every size of
** page), with the header: a block that is never written takes no huge page.
*/
#define LEAD_BYTES ((size_t)64 << 10)

/*
** A region that is smaller than a huge page at first has its lead behind such a multiple. Its first elements are on
** small pages, only as many as are used, so a small array holds little more than its elements.
*/
#define HUGE_BYTES ((size_t)2 << 20)     /* a huge page, on x86-64 and arm64 with 4 KiB pages */
#define RESERVE_FACTOR 16                /* bytes mapped for each byte asked for */
#define RESERVE_LEAST ((size_t)32 << 20) /* the same for less than a huge page */
#define PROBE_BYTES ((size_t)1 << 30)    /* from this size on the system is asked, see `refused` */

/*
** A small region: so many bytes are mapped for each byte asked for, as long as they are less than a huge page. In a process
** that has just begun, to find out whether address space costs nothing takes 45 us, and to map and to move takes 5 us each.
*/
#define SMALL_FACTOR 4

/* The header is right before the data. */
static region *region_of(const void *data) { return (region *)(uintptr_t)data - 1; }

static char *base_of(const void *data) { return (char *)(uintptr_t)data - region_of(data)->lead; }

/* On x86 always the same; to ask would cost a new process two page faults of the C library. */
static size_t page_size(void) {
#if defined(__x86_64__) || defined(__i386__)
    return 4096;
#else
    return (size_t)sysconf(_SC_PAGESIZE);
#endif
}

static size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

static bool unlimited(unsigned resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

/* Whether every mapping counts as memory in use, even with MAP_NORESERVE (vm.overcommit_memory is 2). */
static bool strict_accounting(void) {
    char mode = '0';
    int file = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    if (read(file, &mode, 1) != 1) mode = '0';
    close(file);
    return mode == '2';
}

/*
** Whether new mappings are locked (mlockall with MCL_FUTURE). All of their pages would be in memory at once, touched
** or not. A locked mapping refuses the advice to give it back, which tells it from others.
*/
static bool mappings_are_locked(void) {
    const size_t page = page_size();
    bool locked;
    void *probe = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return true;
    locked = madvise(probe, page, MADV_DONTNEED) != 0;
    munmap(probe, page);
    return locked;
}

/* Whether address space costs nothing here, so that more than needed may be mapped. */
bool pages_space_is_free(void) {
    return sizeof(void *) >= 8 && unlimited(RLIMIT_AS) && unlimited(RLIMIT_DATA) &&
           !strict_accounting() && !mappings_are_locked();
}

/*
** Regions are mapped without reserving memory, and then the system does not check whether it could ever have so much.
** Another mapping, which is never touched, asks for that check.
*/
static bool refused(size_t bytes) {
    void *probe;
    if (bytes < PROBE_BYTES || !pages_space_is_free()) return false;
    probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return true;
    munmap(probe, bytes);
    return false;
}

/* How far behind a multiple of a huge page data of that many bytes begins. */
static size_t offset_for(size_t bytes) {
    const size_t page = page_size();
    const size_t offset = HUGE_BYTES - 1 - (round_up(bytes, page) + HUGE_BYTES - 1) % HUGE_BYTES;
    return offset < LEAD_BYTES ? 0 : offset; /* otherwise the header would be on a huge page */
}

/* Maps `bytes` with the lead, so that the data begins that far behind a huge page; NULL if refused. */
static void *map_data(size_t bytes, size_t lead, size_t offset, int protection) {
    char *base, *aligned;
    size_t head;
    if (bytes > SIZE_MAX - HUGE_BYTES) return NULL;
    base = mmap(NULL, bytes + HUGE_BYTES, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1, 0);
    if (base == MAP_FAILED) return NULL;
    head = (offset - (uintptr_t)base - lead) % HUGE_BYTES;
    aligned = base + head;
    if (head > 0) munmap(base, head);
    munmap(aligned + bytes, HUGE_BYTES - head);
    return aligned + lead;
}

/* The size of the mapping for so many bytes of data: a multiple of a page. */
static size_t mapping_for(size_t bytes, size_t lead) { return round_up(bytes + lead, page_size()); }

static size_t reserve_for(size_t bytes, size_t lead) {
    if (bytes < HUGE_BYTES) return RESERVE_LEAST;
    if (bytes > SIZE_MAX / RESERVE_FACTOR / 2) return mapping_for(bytes, lead);
    return round_up(bytes * RESERVE_FACTOR + lead, HUGE_BYTES);
}

/*
** Advises huge pages; a system that has none ignores it. A block smaller than a huge page declines them, as it would get
** more memory than it asked for, and than is counted.
*/
static void advise_huge(void *base, size_t mapped, size_t bytes) {
    madvise(base, mapped, bytes >= HUGE_BYTES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

#if !defined(MADV_POPULATE_WRITE)
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14; if it fails, pages come one by one */
#endif

static void populate(char *start, const char *end) {
    const size_t page = page_size();
    start -= (uintptr_t)start % page;
    madvise(start, round_up((size_t)(end - start), page), MADV_POPULATE_WRITE);
}

static size_t offset_of_new(size_t bytes, bool grows) {
    if (!grows) return offset_for(bytes);
    return bytes < HUGE_BYTES ? LEAD_BYTES : 0;
}

static void *begin_region(void *data, size_t mapped, size_t lead, size_t ahead, space addresses) {
    region *r = region_of(data);
    if (ahead > 0) populate((char *)r, (char *)data + ahead);
    r->mapped = mapped;
    r->populated = round_up(ahead, page_size());
    r->idle = 0;
    r->next = NULL;
    r->lead = lead;
    r->space = addresses;
    return data;
}

/* Whether the mapping with its lead is smaller than a huge page. */
static bool is_small(size_t bytes) {
    return bytes < HUGE_BYTES / SMALL_FACTOR &&
           mapping_for(bytes * SMALL_FACTOR, page_size()) < HUGE_BYTES;
}

/* What is mapped is too little for a huge page, so it needs no advice. */
static void *allocate_small(size_t bytes, size_t ahead) {
    const size_t lead = page_size();
    const size_t mapped = mapping_for(bytes * SMALL_FACTOR, lead);
    char *base = mmap(NULL, mapped, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return NULL;
    /* if mappings are locked, see mappings_are_locked, nothing may be mapped that is not needed */
    if (madvise(base + mapped - lead, lead, MADV_DONTNEED) != 0) {
        munmap(base, mapped);
        return NULL;
    }
    return begin_region(base + lead, mapped, lead, ahead, SPACE_UNKNOWN);
}

void *pages_allocate(size_t bytes, size_t room, bool grows, size_t ahead) {
    const size_t offset = offset_of_new(bytes, grows);
    char *data = NULL;
    size_t mapped = 0;
    bool spacious;
    if (room == 0 && grows && is_small(bytes)) data = allocate_small(bytes, ahead);
    if (data != NULL) return data;
    spacious = bytes <= SIZE_MAX / 4 && pages_space_is_free();
    if (bytes > SIZE_MAX / 4 || room > SIZE_MAX / 4 || refused(bytes)) return NULL;
    if (room > 0)
        data = map_data(mapped = mapping_for(room, LEAD_BYTES), LEAD_BYTES, offset,
                        PROT_READ | PROT_WRITE);
    else if (spacious)
        data = map_data(mapped = reserve_for(bytes, LEAD_BYTES), LEAD_BYTES, offset,
                        PROT_READ | PROT_WRITE);
    if (data == NULL && room == 0)
        data = map_data(mapped = mapping_for(bytes, LEAD_BYTES), LEAD_BYTES, offset,
                        PROT_READ | PROT_WRITE);
    if (data == NULL) return NULL;
    advise_huge(data - LEAD_BYTES, mapped, bytes);
    return begin_region(data, mapped, LEAD_BYTES, ahead, spacious ? SPACE_FREE : SPACE_SCARCE);
}

/* How many of the first bytes of data that began small are on small pages, before the first huge page. */
static size_t before_huge(const void *data) {
    const size_t bytes = HUGE_BYTES - (uintptr_t)data % HUGE_BYTES, least = HUGE_BYTES - LEAD_BYTES;
    return bytes > least ? bytes : least;
}

void pages_populate(void *data, size_t bytes) {
    region *r = region_of(data);
    bytes = round_up(bytes, page_size());
    if (r->mapped >= HUGE_BYTES && bytes > before_huge(data)) bytes = before_huge(data);
    if (bytes <= r->populated) return;
    populate((char *)data + r->populated, (char *)data + bytes);
    r->populated = bytes;
}

size_t pages_populated(const void *data) { return region_of(data)->populated; }

bool pages_are_spacious(void *data) {
    region *r = region_of(data);
    if (r->space == SPACE_UNKNOWN) r->space = pages_space_is_free() ? SPACE_FREE : SPACE_SCARCE;
    return r->space == SPACE_FREE;
}

size_t pages_room(const void *data) { return region_of(data)->mapped - region_of(data)->lead; }

/*
** Small pages are not offered: to write again to a page that the system may take costs a fifth of a new page, and there is
** less than a huge page of them. For whole huge pages this costs next to nothing.
*/
void pages_idle(void *data, size_t bytes) {
#if defined(MADV_FREE)
    char *first = (char *)data + (HUGE_BYTES - (uintptr_t)data % HUGE_BYTES) % HUGE_BYTES;
    char *end = (char *)data + bytes;
    const char *const last = base_of(data) + region_of(data)->mapped;
    if (end <= first || region_of(data)->mapped < HUGE_BYTES) return;
    end += (HUGE_BYTES - (uintptr_t)end % HUGE_BYTES) % HUGE_BYTES;
    madvise(first, (size_t)((end < last ? end : last) - first), MADV_FREE);
#else
    (void)data, (void)bytes;
#endif
}

/* Of the allocator, the end of the highest memory that was expected. */
static _Atomic(uintptr_t) expected_end;

void pages_expect(void *memory, size_t bytes) {
    const uintptr_t page = page_size();
    const uintptr_t before = atomic_load_explicit(&expected_end, memory_order_relaxed);
    const uintptr_t start = (uintptr_t)memory > before ? (uintptr_t)memory : before;
    const uintptr_t from = round_up(start, page), to = ((uintptr_t)memory + bytes) / page * page;
    if (from >= to) return;
    atomic_store_explicit(&expected_end, to, memory_order_relaxed);
    madvise((void *)from, to - from, MADV_POPULATE_WRITE);
}

/* The other global variables that change. A region belongs to whoever takes it out. */
static _Atomic(void *) idle_region, lender;

void *pages_swap_idle(void *data, size_t bytes) {
    if (data != NULL) pages_set_idle_bytes(data, bytes);
    return atomic_exchange(&idle_region, data);
}

size_t pages_idle_bytes(const void *data) { return region_of(data)->idle; }

void pages_set_idle_bytes(void *data, size_t bytes) { region_of(data)->idle = bytes; }

void *pages_next_idle(const void *data) { return region_of(data)->next; }

void pages_set_next_idle(void *data, void *next) { region_of(data)->next = next; }

bool pages_set_lender(void *before, void *now) {
    return atomic_compare_exchange_strong(&lender, &before, now);
}

void pages_free(void *data) { munmap(base_of(data), region_of(data)->mapped); }

/* The region is at another place now. */
static void *arrived(char *base, size_t lead, size_t mapped, space addresses) {
    void *data = base + lead;
    region_of(data)->mapped = mapped;
    region_of(data)->space = addresses;
    return data;
}

/*
** ThreadSanitizer does not see where mremap puts a mapping, and takes what another thread once wrote there for a race. It
** does see the mmap of a place that is kept.
*/
#if defined(__SANITIZE_THREAD__)
#define MREMAP_IS_SEEN false
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MREMAP_IS_SEEN false
#endif
#endif
#if !defined(MREMAP_IS_SEEN)
#define MREMAP_IS_SEEN true
#endif

static void *move_small(void *data, size_t bytes) {
    const region r = *region_of(data);
    const size_t mapped = mapping_for(bytes * SMALL_FACTOR, r.lead);
    char *moved = mremap(base_of(data), r.mapped, mapped, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : arrived(moved, r.lead, mapped, r.space);
}

/*
** A place that is kept free for a mapping, until that moves there. If mremap fails, the system may have unmapped the place
** already, and another thread may have got it since; so the place has a word at its beginning that no other place has.
*/
static char *keep_place(size_t mapped, size_t lead, size_t offset, uintptr_t word) {
    char *data = map_data(mapped, lead, offset, PROT_NONE), *place;
    if (data == NULL) return NULL;
    place = data - lead;
    if (mprotect(place, page_size(), PROT_READ | PROT_WRITE) == 0) {
        memcpy(place, &word, sizeof word);
        return place;
    }
    munmap(place, mapped);
    return NULL;
}

/* Unmaps the place if it still is the one with that word. It asks the system for it, as nothing may be mapped there. */
static void give_up_place(char *place, size_t mapped, uintptr_t word) {
    uintptr_t found = 0;
    const struct iovec here = {&found, sizeof found}, there = {place, sizeof found};
    if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)sizeof found &&
        found == word)
        munmap(place, mapped);
}

/*
** Moves the whole mapping to a larger place; to advise or move a part would split it. The new place is as far behind a
** multiple of a huge page as the old one, as otherwise the huge pages would be split. A small region has none, and gets its
** lead behind such a multiple.
*/
static void *move(void *data, size_t bytes) {
    const region *r = region_of(data);
    const bool was_small = r->mapped < HUGE_BYTES;
    const size_t old_mapped = r->mapped, lead = r->lead, least = mapping_for(bytes, lead);
    const size_t offset = was_small ? lead : (uintptr_t)data % HUGE_BYTES;
    size_t mapped;
    const uintptr_t word = (uintptr_t)&mapped; /* no other thread has anything at this address */
    char *place, *moved = MAP_FAILED;
    if (MREMAP_IS_SEEN && was_small && is_small(bytes) && r->space != SPACE_SCARCE) {
        void *there = move_small(data, bytes);
        if (there != NULL) return there;
    }
    mapped = pages_space_is_free() ? reserve_for(bytes, lead) : least;
    place = keep_place(mapped, lead, offset, word);
    if (place == NULL && mapped > least) place = keep_place(mapped = least, lead, offset, word);
    if (place != NULL) {
        moved = mremap(base_of(data), old_mapped, mapped, MREMAP_MAYMOVE | MREMAP_FIXED, place);
        if (moved == MAP_FAILED) give_up_place(place, mapped, word);
    }
    /* with little address space left, the system may still find room behind the mapping */
    if (moved == MAP_FAILED)
        moved = mremap(base_of(data), old_mapped, mapped = least, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) return NULL;
    if (was_small || bytes >= HUGE_BYTES) advise_huge(moved, mapped, bytes);
    return arrived(moved, lead, mapped, mapped > least ? SPACE_FREE : SPACE_SCARCE);
}

/* Gives back the pages behind `bytes`; and the address space, if that counts and was not reserved. */
static void give_back(void *data, size_t old_bytes, size_t bytes, bool reserved) {
    region *r = region_of(data);
    const size_t kept = mapping_for(bytes, r->lead), used = mapping_for(old_bytes, r->lead);
    if (r->populated > bytes) r->populated = bytes;
    if (used > kept) madvise(base_of(data) + kept, used - kept, MADV_DONTNEED);
    if (reserved || kept == r->mapped || r->space == SPACE_FREE) return;
    if (munmap(base_of(data) + kept, r->mapped - kept) == 0) r->mapped = kept;
}

void *pages_resize(void *data, size_t old_bytes, size_t bytes, bool may_move) {
    if (bytes > SIZE_MAX / 4) return NULL;
    if (bytes > old_bytes && refused(bytes)) return NULL;
    if (bytes > pages_room(data)) return may_move ? move(data, bytes) : NULL;
    if (bytes < old_bytes) give_back(data, old_bytes, bytes, !may_move);
    /* when it was mapped with less than a huge page, it declined them, even if it had a little on the first one already */
    if (region_of(data)->mapped >= HUGE_BYTES && old_bytes <= HUGE_BYTES &&
        bytes > before_huge(data))
        advise_huge(base_of(data), region_of(data)->mapped, HUGE_BYTES);
    return data;
}

#endif
