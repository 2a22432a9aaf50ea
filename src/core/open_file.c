/*
** open_file.c: arrays that are files. At every moment the file is a valid .npy file. What only this library uses is behind
** the elements that the header tells.
**
**     closed     | header | elements |
**     growing    | header | elements | room ... | mark |
**
** The header has 128 bytes. In a growing file, the number of elements in it is right-aligned in 16 columns (see npy.h), so
** one or two words written in place change it. It tells the elements of the last flush, which are all on the disk. Other
** readers of the format take these and do not look at what follows.
**
** The mark has 128 bytes, at the end of the file, whose length is a multiple of 4096 (see file_mark.h). Its `size` is the number of
** elements that were appended. Each change stores it through the shared mapping, with two stores and no system call. The
** system keeps these stores when a process dies, so kill -9 loses nothing. The mark also says during which run of the system
** (boot) it was written. If the system has restarted since, some pages may never have reached the disk, and only what was
** flushed counts.
**
** So the true size after a crash is
**
**     the size in the mark                 if the system has not restarted
**     the larger of header and `flushed`   if it has
**
** The order of writes; "sync" is fdatasync, which waits for data and length:
**
**     growth   reserve room on the disk behind the end (fallocate keeps the length, so an error changes nothing);
**              write the new mark behind it, which makes the file longer (in memory in the other order, see take_room); map
**              the rest;
**              from here on publish in the new mark; clear the old one, whose place is now room
**     flush    sync; write the new number into the header, and as `flushed` into the mark; sync
**     shrink   flush, if elements of the last flush are gone; write the new mark; cut the file behind it
**     close    flush; cut the file to its exact length; sync; write the header as save would
**     open     reserve room; write the header in the form of a growing file; sync; write the mark. Where a file system
**              cannot reserve room, zeros are written: in a growth before the mark, here after the sync
**
** What a power failure leaves in each case:
**
**     growth   the header and the flushed elements are older than the last sync. The length may be any in between. The
**              mark may be missing or be the old one; then the header counts
**     flush    before the second sync, the header may tell the old number, the new one or, if its upper word changes, for
**              a moment a smaller one. `flushed` reached the disk with the first sync
**     close    the header of a growing file, without room and mark: it tells all elements. When the final header is there,
**              nothing is behind the elements, since the cut reached the disk before
**     open     the same in the other order: a file with the header of a closed one never has anything behind it
**
** A header changes in one sector only, so it is never torn.
**
** Only one process writes to an open file. It holds a lock (flock), which the system removes when the process dies. Before
** a growth, a flush and the end, the writer checks that the file is as it left it; if not, it does not touch the file and
** reports that. After fork, the file belongs to the parent.
**
** A reader maps the file, too. It reads the mark by a system call, since a mapped mark would be gone when the writer closes
** the file, and an access would end the process. It uses no more elements than it has mapped. Old mappings stay until the
** reader closes, so addresses of elements stay valid.
**
** Everything that bounds accesses is in the array and in `open_file`, which is memory of this process before the first page
** of the mapping. What the file says is read once, when it is opened.
*/
#include "core/system/system.h"

#include "core/open_file.h"

#include "core/file_mark.h"

#if defined(SYSTEM_STORAGE_LINUX)

#include <stdio.h>
#include <string.h>

#define HUGE_MOST ((size_t)64 << 20) /* bytes of a growth that get huge pages */
#define STEP_SHARE 8    /* a file that gets huge pages grows by this part, by default */
#define OLD_MAPPINGS 48 /* each reserves twice as much as the one before, if there is that much */

typedef struct open_file {
    int descriptor;
    bool writable, synced; /* synced: at least once since it is open */
    bool broken;           /* a sync failed, or the file is not as this process left it */
    int64_t process;       /* the process that opened it */
    size_t header_bytes;
    size_t bytes;    /* of the file, with the mark at the end; for a reader: of the mapping */
    size_t reserved; /* to how many bytes the mapping can grow without moving */
    size_t huge;     /* of the writer: bytes of a huge page, if the file gets some; otherwise 0 */
    mark *mark;      /* of the writer, in the mapping */
    uint64_t mark_at;
    uint64_t owner;
    size_t published; /* of the writer: the size in the mark */
    size_t told;      /* elements that the header tells */
    size_t flushed;   /* elements that the header on the disk tells */
    unsigned char boot[STORAGE_BOOT_BYTES];
    files_error error;    /* why the last operation failed */
    dynarray_failure why; /* the same, for dynarray_why */
    struct {
        void *base;
        size_t reserved;
    } old[OLD_MAPPINGS]; /* old mappings of a reader, until it closes */
    size_t old_count;
} open_file;

_Static_assert(sizeof(open_file) <= STORAGE_LEAD, "it lies in the mapping's lead");
_Static_assert(DYNARRAY_FAILURE_BYTES == FILES_MESSAGE_BYTES, "one is copied to the other");

#define HEADER_MOST ((size_t)STORAGE_LEAD) /* so that the first element is in the first page */

/* Of a growing file. */
#define MOST_BYTES (NPY_GROWING_MOST < STORAGE_MOST ? NPY_GROWING_MOST : STORAGE_MOST)

static char *file_base_of(const dynarray *a) {
    return (char *)((uintptr_t)a->data / STORAGE_LEAD * STORAGE_LEAD);
}

static open_file *file_at(void *base) { return (open_file *)(void *)((char *)base - STORAGE_LEAD); }

static open_file *file_of(const dynarray *a) { return file_at(file_base_of(a)); }

static bool fail_because(files_error *error, int code, const char *message) {
    error->code = code;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

static dynarray_status fail_with_why(const files_error *error, dynarray_failure *why) {
    if (why != NULL) {
        why->code = error->code;
        memcpy(why->message, error->message, sizeof why->message);
    }
    return DYNARRAY_FILE;
}

/* ---------------------------------------------------------------------------------------------
** The writer
*/

#define CHANGED                                                                                    \
    "the file was changed by somebody else, who ignored its lock; save the array elsewhere"
#define FORKED "the file belongs to the process that opened it, not to a fork of it"
#define UNSYNCED                                                                                   \
    "an earlier flush failed, so that it is not known what is on the disk; save the array "        \
    "elsewhere"
#define NO_TYPE "an element type is needed to begin the file"
#define REMOVED "the file was removed or replaced while it was open; save the array elsewhere"

/* Whether the file is still as this process left it. */
static bool check_own(open_file *f, bool *removed) {
    uint64_t bytes;
    mark m;
    if (f->process != storage_process()) return fail_because(&f->error, 0, FORKED);
    if (f->broken) return fail_because(&f->error, 0, UNSYNCED);
    if (!storage_length(f->descriptor, &bytes, removed, &f->error)) return false;
    if (bytes != f->bytes || !mark_read(f->descriptor, f->mark_at, &m) || m.owner != f->owner)
        return fail_because(&f->error, 0, CHANGED);
    return true;
}

static bool sync_file(open_file *f) {
    if (storage_sync(f->descriptor, &f->error)) {
        f->synced = true;
        return true;
    }
    f->broken = true; /* the system drops what it could not write, so another sync would succeed */
    return false;
}

/*
** If there are fewer elements, the header must tell that at once. But the length of a growing file must be on the
** disk before: otherwise a file with the length of a closed one would have too much behind its elements.
*/
static void tell_fewer(open_file *f, void *base, size_t size) {
    if (!f->synced) sync_file(f);
    npy_tell(base, f->told, size);
    f->told = size;
}

/* False if the mark is another's by now: a second array writes to the file, as the lock did not keep it out. */
static bool publish_size(open_file *f, void *base, size_t size) {
    f->published = size;
    if (!mark_is_of(f->mark, f->owner)) return false;
    mark_publish(f->mark, size);
    if (size < f->told) tell_fewer(f, base, size);
    return true;
}

/* The same, if there are not fewer elements: each append does this. */
static inline bool publish_more(open_file *f, size_t size) {
    if (size < f->told || !mark_is_of(f->mark, f->owner)) return false;
    f->published = size;
    mark_publish(f->mark, size);
    return true;
}

bool open_file_commit(dynarray *a) {
    open_file *const f = file_of(a);
    return !f->writable || publish_more(f, a->size) || publish_size(f, file_base_of(a), a->size);
}

void dynarray_commit(dynarray *a) {
    if (a->block == DYNARRAY_BLOCK_FILE) open_file_commit(a);
}

static bool flush_file(open_file *f, void *base, size_t size) {
    if (!sync_file(f)) return false;
    if (size == f->flushed && size == f->told) return true;
    npy_tell(base, f->told, size);
    f->told = size;
    storage_put(&f->mark->flushed, size);
    if (!sync_file(f)) return false;
    f->flushed = size;
    return true;
}

/* Writes the mark for a file of that length. A file that was shorter gets that length. */
static bool write_mark(open_file *f, uint64_t bytes, size_t size) {
    mark m;
    mark_init(&m, bytes, size, f->flushed, f->owner, f->boot);
    return storage_write(f->descriptor, m.at, &m, sizeof m, &f->error);
}

static void point_to_mark(open_file *f, void *base, size_t bytes) {
    f->bytes = bytes;
    f->mark_at = bytes - sizeof(mark);
    f->mark = (mark *)(void *)((char *)base + f->mark_at);
}

/* Makes a mapping of `mapped` bytes one of `bytes`; *base may change. */
static bool extend_mapping(open_file **state, void **base, size_t mapped, size_t bytes) {
    open_file *f = *state;
    size_t reserved = 0;
    void *moved;
    if (bytes <= f->reserved)
        return storage_extend(*base, f->descriptor, mapped, bytes, f->writable, &f->error);
    /* a reader keeps its old mappings, so there must be few of them, even where address space is scarce */
    reserved = f->writable ? 0 : 2 * bytes;
    moved = storage_map(f->descriptor, bytes, f->writable, &reserved, &f->error);
    if (moved == NULL) return false;
    memcpy(file_at(moved), f, sizeof *f);
    if (f->writable) {
        storage_unmap(*base, f->reserved);
    } else { /* views and pointers may still use it */
        file_at(moved)->old[f->old_count].base = *base;
        file_at(moved)->old[f->old_count].reserved = f->reserved;
        file_at(moved)->old_count++;
    }
    *base = moved;
    *state = file_at(moved);
    (*state)->reserved = reserved;
    return true;
}

static bool reserve_or_fill(open_file *f, uint64_t from, uint64_t to) {
    return storage_reserve(f->descriptor, from, to, &f->error) ||
           (storage_cannot_reserve(&f->error) && storage_fill(f->descriptor, from, to, &f->error));
}

/*
** Makes the file longer, with a mark at its end and room before. On a disk, the room comes first, as the length must not
** change if there is too little. In memory, the length comes first, as behind the end there are no huge pages; then
** what is still missing is reserved.
*/
static bool take_room(open_file *f, size_t bytes, size_t size) {
    const size_t most = f->bytes + HUGE_MOST;
    if (f->huge == 0) return reserve_or_fill(f, f->bytes, bytes) && write_mark(f, bytes, size);
    if (!write_mark(f, bytes, size)) return false;
    storage_take_huge(f->descriptor, f->bytes, bytes < most ? bytes : most);
    return reserve_or_fill(f, f->bytes, bytes - MARK_UNIT); /* the page of the mark is there */
}

/* If the file cannot be cut, a new mark at its end must not count: what is appended to the room that is left has the old one. */
static void cut_back(open_file *f, size_t old_bytes, size_t bytes) {
    static const mark none = {0};
    files_error ignored;
    uint64_t length;
    bool removed;
    if (!storage_cut(f->descriptor, old_bytes, &ignored) &&
        storage_length(f->descriptor, &length, &removed, &ignored) && length >= bytes)
        storage_write(f->descriptor, bytes - sizeof none, &none, sizeof none, &ignored);
}

/* Makes the file longer; if that fails, nothing has changed. */
static bool grow_file(open_file **state, void **base, size_t bytes, size_t size) {
    open_file *f = *state;
    const size_t old_bytes = f->bytes;
    mark *old;
    if (!take_room(f, bytes, size) || !extend_mapping(state, base, old_bytes, bytes)) {
        cut_back(f, old_bytes, bytes);
        return false;
    }
    f = *state;
    old = (mark *)(void *)((char *)*base + f->mark_at);
    point_to_mark(f, *base, bytes);
    memset(old, 0, sizeof *old);
    return true;
}

/* Makes the file shorter; if that fails, nothing has changed. */
static bool shrink_file(open_file *f, void *base, size_t bytes, size_t size) {
    const size_t mapped = f->bytes;
    if (size < f->flushed && !flush_file(f, base, size)) return false;
    if (!write_mark(f, bytes, size)) return false;
    storage_narrow(base, mapped, bytes);
    if (!storage_cut(f->descriptor, bytes, &f->error)) {
        files_error ignored;
        const files_error error = f->error;
        /* NOLINTNEXTLINE(readability-suspicious-call-argument): back from `bytes` to `mapped` */
        storage_extend(base, f->descriptor, bytes, mapped, true, &ignored);
        f->error = error;
        return false;
    }
    point_to_mark(f, base, bytes);
    return true;
}

/*
** Huge pages are cleared when they are taken. So a growth takes few of them at a time: as many as are soon used, and as
** many as are cleared in some hundredths of a second. The file ends with a huge page, so that the next growth begins with one.
*/
size_t open_file_step(const dynarray *a, size_t needed, size_t capacity) {
    const open_file *f = file_of(a);
    const uint64_t used = f->header_bytes + (uint64_t)needed * a->element_size + sizeof(mark);
    uint64_t step = used / STEP_SHARE, bytes;
    if (f->huge == 0 || used < f->huge) return capacity;
    if (step < f->huge) step = f->huge;
    if (step > HUGE_MOST) step = HUGE_MOST;
    bytes = (used + step) / f->huge * f->huge - sizeof(mark) - f->header_bytes;
    return bytes / a->element_size < capacity ? (size_t)(bytes / a->element_size) : capacity;
}

dynarray_status open_file_resize(dynarray *a, size_t capacity, dynarray_event *event) {
    open_file *f = file_of(a);
    void *base = file_base_of(a);
    const uint64_t wanted = mark_bytes_for(f->header_bytes + (uint64_t)capacity * a->element_size);
    bool removed;
    event->how = DYNARRAY_EXTENDED;
    event->bytes_copied = 0;
    event->peak_bytes = capacity * a->element_size;
    if (wanted > MOST_BYTES) return DYNARRAY_TOO_LARGE;
    if (!check_own(f, &removed)) return DYNARRAY_FILE;
    publish_size(f, base, a->size);
    if ((wanted > f->bytes && !grow_file(&f, &base, (size_t)wanted, a->size)) ||
        (wanted < f->bytes && !shrink_file(f, base, (size_t)wanted, a->size)))
        return DYNARRAY_FILE;
    a->data = (char *)base + f->header_bytes;
    a->capacity = capacity;
    return DYNARRAY_OK;
}

dynarray_status dynarray_flush(dynarray *a, dynarray_failure *why) {
    open_file *f;
    bool removed;
    if (a->block != DYNARRAY_BLOCK_FILE) return DYNARRAY_FIXED;
    f = file_of(a);
    if (!f->writable) return DYNARRAY_OK;
    if (!check_own(f, &removed)) return fail_with_why(&f->error, why);
    publish_size(f, file_base_of(a), a->size);
    if (removed) fail_because(&f->error, 0, REMOVED);
    if (removed || !flush_file(f, file_base_of(a), a->size)) return fail_with_why(&f->error, why);
    return DYNARRAY_OK;
}

/* Leaves the file as save would write it, or as it is if that fails. Its mapping is gone. */
static bool complete_file(open_file *f, void *base, dynarray_type type, size_t size) {
    char header[HEADER_MOST];
    const uint64_t bytes = f->header_bytes + (uint64_t)size * dynarray_type_size(type);
    bool removed;
    if (!check_own(f, &removed)) return false;
    publish_size(f, base, size);
    if (removed) return fail_because(&f->error, 0, REMOVED);
    if (!flush_file(f, base, size)) return false;
    storage_narrow(base, f->bytes, 0);
    npy_write(header, f->header_bytes, type, size);
    return storage_cut(f->descriptor, bytes, &f->error) && sync_file(f) &&
           storage_write(f->descriptor, 0, header, f->header_bytes, &f->error);
}

static void unmap_file(open_file *f, void *base) {
    const size_t count = f->old_count, reserved = f->reserved;
    for (size_t i = 0; i < count; i++) storage_unmap(f->old[i].base, f->old[i].reserved);
    storage_unmap(base, reserved);
}

dynarray_status open_file_close(dynarray *a, dynarray_failure *why) {
    dynarray_status status = DYNARRAY_OK;
    open_file *f = file_of(a);
    if (f->writable && !complete_file(f, file_base_of(a), (dynarray_type)a->type, a->size))
        status = fail_with_why(&f->error, why);
    files_close(&f->descriptor);
    unmap_file(f, file_base_of(a));
    a->data = NULL;
    a->size = a->capacity = 0;
    a->block = DYNARRAY_BLOCK_AUTO;
    a->fixed = 0;
    return status;
}

size_t open_file_size(const dynarray *a) {
    const open_file *f = file_of(a);
    if (!f->writable) return a->size;
    return f->published < a->capacity ? f->published : a->capacity;
}

bool open_file_is_full(const dynarray *a) { return storage_is_full(&file_of(a)->error); }

bool open_file_identify(const dynarray *a, files_identity *identity) {
    files_error ignored;
    return files_identify(file_of(a)->descriptor, identity, &ignored);
}

bool open_file_is_at(const dynarray *a, const char *path) {
    return storage_is_at(file_of(a)->descriptor, path);
}

const dynarray_failure *dynarray_why(const dynarray *a) {
    static const dynarray_failure none = {0, ""};
    if (a->block != DYNARRAY_BLOCK_FILE) return &none;
    fail_with_why(&file_of(a)->error, &file_of(a)->why);
    return &file_of(a)->why;
}

/* ---------------------------------------------------------------------------------------------
** The reader
*/

/* Reads how many elements the file has now, from its length, header and mark; false if they do not tell. */
static bool look_again(open_file *f, dynarray_type type, size_t *size, uint64_t *file_bytes) {
    file now = {0};
    uint64_t at;
    bool removed;
    now.descriptor = f->descriptor;
    if (!storage_length(f->descriptor, file_bytes, &removed, &f->error) ||
        !file_look(&now, file_bytes, size, &at, &f->error) || now.header.type != type ||
        now.header.swapped || now.header.header_bytes != f->header_bytes)
        return false;
    f->mark_at = at;
    return true;
}

static size_t elements_in(const open_file *f, uint64_t bytes, size_t element_size) {
    if (bytes > f->bytes) bytes = f->bytes;
    return bytes < f->header_bytes ? 0 : (size_t)(bytes - f->header_bytes) / element_size;
}

/*
** Who writes to the file; 0 if there is no mark, or one of before the system restarted: then its size does not count, see
** mark_size.
*/
static uint64_t owner_of(const open_file *f) {
    unsigned char boot[STORAGE_BOOT_BYTES];
    mark m;
    if (f->mark_at == 0 || !mark_read(f->descriptor, f->mark_at, &m) || !storage_boot(boot))
        return 0;
    return memcmp(boot, m.boot, sizeof boot) == 0 ? m.owner : 0;
}

void dynarray_refresh(dynarray *a) {
    open_file *f;
    void *base;
    uint64_t file_bytes = 0;
    size_t size = 0, most;
    mark m;
    if (a->block != DYNARRAY_BLOCK_FILE || file_of(a)->writable) return;
    f = file_of(a);
    base = file_base_of(a);
    /*
    ** The mark is where it was, unless the writer has moved it, and has then cleared it or cut it off. If it is behind the
    ** mapping, that could not be made longer, and this is tried again.
    */
    if (f->owner != 0 && f->mark_at < f->bytes && mark_read(f->descriptor, f->mark_at, &m) &&
        m.owner == f->owner) {
        most = elements_in(f, f->mark_at, a->element_size);
        size = m.size < most ? (size_t)m.size : most;
    } else {
        if (!look_again(f, (dynarray_type)a->type, &size, &file_bytes)) size = a->size;
        f->owner = owner_of(f);
        if (file_bytes > f->bytes && f->old_count < OLD_MAPPINGS && file_bytes <= STORAGE_MOST &&
            extend_mapping(&f, &base, f->bytes, (size_t)file_bytes))
            f->bytes = (size_t)file_bytes;
        most = elements_in(f, file_bytes, a->element_size);
    }
    a->size = size < most ? size : most; /* an access behind the end would end the process */
    a->capacity = a->size;
    a->data = (char *)base + f->header_bytes;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/* ---------------------------------------------------------------------------------------------
** Opening
*/

/* What is known about a file before it is mapped. */
typedef struct found_file {
    file file;
    uint64_t bytes;
    size_t size;
    uint64_t mark_at; /* 0: it has no mark */
} found_file;

static bool check_found(const found_file *x, dynarray_type type, files_error *error) {
    const npy *header = &x->file.header;
    if (type != DYNARRAY_TYPE_COUNT && header->type != type) {
        error->code = 0;
        snprintf(error->message, sizeof error->message, "elements of type %s, wanted %s",
                 dynarray_type_name(header->type), dynarray_type_name(type));
        return false;
    }
    if (header->swapped)
        return fail_because(error, 0,
                            "elements in another byte order cannot be mapped" FILE_SAVE_ANEW);
    if (header->header_bytes % dynarray_type_size(header->type) != 0 ||
        header->header_bytes >= HEADER_MOST)
        return fail_because(error, 0,
                            "elements that are not aligned cannot be mapped" FILE_SAVE_ANEW);
    return true;
}

/* Whether the header can be changed while the file grows, and whether a power failure leaves no half of a change. */
static bool check_header(const npy *header, files_error *error) {
    if (header->header_bytes < NPY_GROWING_LEAST)
        return fail_because(error, 0, "a header too short to be kept up to date" FILE_SAVE_ANEW);
    if (!header->in_a_sector)
        return fail_because(error, 0, "a header too long to be changed at once" FILE_SAVE_ANEW);
    return true;
}

static void attach_array(dynarray *a, const found_file *x, void *base, size_t capacity) {
    a->type = (uint8_t)x->file.header.type;
    a->element_size = (uint32_t)dynarray_type_size(x->file.header.type);
    a->data = (char *)base + x->file.header.header_bytes;
    a->size = x->size;
    a->capacity = capacity;
    a->block = DYNARRAY_BLOCK_FILE;
}

static bool open_reader(dynarray *a, const char *path, dynarray_type type, files_error *error) {
    found_file x = {0};
    open_file *f;
    void *base;
    size_t reserved = 0, bytes;
    if (!storage_open(&x.file.descriptor, path, false, &x.bytes, error)) return false;
    if (!file_look(&x.file, &x.bytes, &x.size, &x.mark_at, error) || !check_found(&x, type, error))
        goto failed;
    bytes = (size_t)x.bytes;
    if (x.bytes > STORAGE_MOST) {
        fail_because(error, 0, "larger than the address space");
        goto failed;
    }
    base = storage_map(x.file.descriptor, bytes, false, &reserved, error);
    if (base == NULL) goto failed;
    f = file_at(base);
    f->descriptor = x.file.descriptor;
    f->process = storage_process();
    f->header_bytes = x.file.header.header_bytes;
    f->bytes = bytes;
    f->reserved = reserved;
    f->mark_at = x.mark_at;
    f->owner = owner_of(f);
    attach_array(a, &x, base, x.size);
    a->fixed = 1;
    return true;
failed:
    files_close(&x.file.descriptor);
    return false;
}

/* Writes the first bytes of a new file. */
static void write_new(char *bytes, size_t n, dynarray_type type, uint64_t owner,
                      const unsigned char *boot) {
    mark m;
    memset(bytes, 0, n);
    npy_write_growing(bytes, NPY_WRITTEN_BYTES, type, 0);
    mark_init(&m, n, 0, 0, owner, boot);
    memcpy(bytes + n - sizeof m, &m, sizeof m);
}

/* Makes an array of an empty file: one page, which is written at once. */
static bool fill_empty(int descriptor, const char *bytes, size_t n, files_error *error) {
    return (storage_reserve(descriptor, 0, n, error) || storage_cannot_reserve(error)) &&
           storage_write(descriptor, 0, bytes, n, error) && storage_sync(descriptor, error);
}

/* Whether it is the file that this process has just written, and not one that replaced it. */
static bool is_of_owner(int descriptor, size_t bytes, uint64_t owner) {
    mark m;
    return mark_read(descriptor, bytes - sizeof m, &m) && m.owner == owner;
}

static bool only_part(void *data, size_t i, files_part *part) {
    *part = *(const files_part *)data;
    return i == 0;
}

/* Puts a new file in the place of one that is locked, and locks the new one. */
static bool begin_anew(int *descriptor, const char *path, const char *bytes, size_t n,
                       uint64_t owner, files_error *error) {
    files_part part = {bytes, n};
    uint64_t ignored;
    const bool replaced = files_replace(path, only_part, &part, error);
    files_close(descriptor);
    if (!replaced || !storage_open(descriptor, path, true, &ignored, error)) return false;
    if (is_of_owner(*descriptor, n, owner)) return true;
    files_close(descriptor);
    return fail_because(error, 0, "somebody else replaced it at the same time");
}

/* Opens the file that is there, or makes it, and locks it. */
static bool open_or_create(found_file *x, const char *path, dynarray_type type, dynarray_mode mode,
                           const unsigned char *boot, files_error *error) {
    char bytes[MARK_UNIT];
    const uint64_t owner = storage_random();
    int *descriptor = &x->file.descriptor;
    bool exists = false, done;
    do {
        const bool there = storage_open(descriptor, path, true, &x->bytes, error);
        if (!there && !storage_is_absent(error)) return false;
        if (there && mode == DYNARRAY_MODE_APPEND && x->bytes > 0) return true;
        if (type == DYNARRAY_TYPE_COUNT) {
            files_close(descriptor);
            if (!there) return false;
            return fail_because(error, 0, NO_TYPE);
        }
        write_new(bytes, sizeof bytes, type, owner, boot);
        if (!there)
            done = storage_create(descriptor, path, bytes, sizeof bytes, &exists, error);
        else if (mode == DYNARRAY_MODE_APPEND)
            done = fill_empty(*descriptor, bytes, sizeof bytes, error);
        else
            done = begin_anew(descriptor, path, bytes, sizeof bytes, owner, error);
    } while (done && exists);
    x->bytes = sizeof bytes;
    if (!done) files_close(descriptor);
    return done;
}

/* Makes the header that of a growing file, and brings it to the disk. */
static bool write_growing_header(open_file *f, const npy *h) {
    char header[HEADER_MOST];
    if (h->growing) return true;
    npy_write_growing(header, h->header_bytes, h->type, h->size);
    return storage_write(f->descriptor, 0, header, h->header_bytes, &f->error) &&
           storage_sync(f->descriptor, &f->error);
}

/* Makes the file as it was before begin_growing. */
static void undo_begin(open_file *f, const found_file *x) {
    char header[HEADER_MOST];
    const npy *h = &x->file.header;
    files_error ignored;
    storage_cut(f->descriptor, x->bytes, &ignored);
    if (h->growing) return;
    npy_write(header, h->header_bytes, h->type, h->size);
    storage_write(f->descriptor, 0, header, h->header_bytes, &ignored);
}

/*
** Makes the file a growing one of that length. Until the mark is written, this can be undone. Zeros in place of
** reserved room make the file longer, so they must not come before the header.
*/
static bool begin_growing(open_file *f, const found_file *x, uint64_t bytes, files_error *error) {
    const npy *h = &x->file.header;
    const uint64_t used = h->header_bytes + (uint64_t)x->size * dynarray_type_size(h->type);
    bool reserved;
    /* the room of a copy may be a hole: programs that copy files leave out zeros */
    if (!files_fill_holes(f->descriptor, used, x->bytes, error)) return false;
    reserved = storage_reserve(f->descriptor, x->bytes, bytes, error);
    if (!reserved && !storage_cannot_reserve(error)) return false;
    if (write_growing_header(f, h) &&
        (reserved || storage_fill(f->descriptor, x->bytes, bytes, &f->error)) &&
        write_mark(f, bytes, x->size))
        return true;
    undo_begin(f, x);
    *error = f->error;
    return false;
}

static bool open_writer(dynarray *a, const char *path, dynarray_type type, dynarray_mode mode,
                        size_t capacity, files_error *error) {
    found_file x = {0};
    open_file start = {0};
    const npy *h = &x.file.header;
    mark m;
    uint64_t bytes;
    void *base;
    if (!storage_boot(start.boot))
        return fail_because(error, 0, FILES_UNSUPPORTED ": " STORAGE_BOOT_PATH " is missing");
    if (!open_or_create(&x, path, type, mode, start.boot, error)) return false;
    if (!file_read_header(&x.file, x.bytes, error) || !check_found(&x, type, error) ||
        !check_header(h, error))
        goto failed;
    error->code = 0;
    if (!mark_size(x.file.descriptor, h, x.bytes, &x.size, &x.mark_at, error->message)) goto failed;
    if (capacity < x.size) capacity = x.size;
    if (a->setup->max_size != 0 && x.size > a->setup->max_size) {
        snprintf(error->message, sizeof error->message, "%zu elements, more than max_size %zu",
                 x.size, a->setup->max_size);
        goto failed;
    }
    if (capacity > SIZE_MAX / 8 / dynarray_type_size(h->type) || x.bytes > STORAGE_MOST) {
        fail_because(error, 0, "larger than the address space");
        goto failed;
    }
    bytes = mark_bytes_for(h->header_bytes + (uint64_t)capacity * dynarray_type_size(h->type));
    if (bytes < x.bytes) bytes = mark_bytes_for(x.bytes - sizeof(mark));
    start.descriptor = x.file.descriptor;
    start.writable = true;
    start.process = storage_process();
    start.header_bytes = h->header_bytes;
    start.owner = storage_random();
    start.huge = storage_huge_bytes(start.descriptor);
    start.told = start.flushed = h->size;
    start.published = x.size;
    /* The header may tell too few: a crash came between the mark and the header, and another may follow. */
    if (x.mark_at != 0 && mark_read(start.descriptor, x.mark_at, &m) && m.flushed > start.flushed)
        start.flushed = m.flushed < x.size ? (size_t)m.flushed : x.size;
    if (!begin_growing(&start, &x, bytes, error)) goto failed;
    base = storage_map(start.descriptor, (size_t)bytes, true, &start.reserved, error);
    if (base == NULL)
        goto failed; /* a growing file that was not closed, after a crash for instance */
    point_to_mark(&start, base, (size_t)bytes);
    if (x.mark_at != 0 && x.mark_at != start.mark_at)
        memset((char *)base + x.mark_at, 0, sizeof(mark));
    if (x.size < start.told) { /* after a crash between the mark and the header */
        npy_tell(base, start.told, x.size);
        start.told = x.size;
    }
    memcpy(file_at(base), &start, sizeof start);
    attach_array(a, &x, base, capacity);
    return true;
failed:
    files_close(&x.file.descriptor);
    return false;
}

dynarray_status open_file_open(dynarray *a, const char *path, dynarray_type type,
                               dynarray_mode mode, size_t capacity, dynarray_failure *why) {
    files_error error = {0};
    const bool opened = mode == DYNARRAY_MODE_READ
                            ? open_reader(a, path, type, &error)
                            : open_writer(a, path, type, mode, capacity, &error);
    return opened ? DYNARRAY_OK : fail_with_why(&error, why);
}

#endif
