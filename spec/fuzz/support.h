/*
** support.h: for the fuzzers: the input as a source of choices, checks that say what failed, and an allocator that is as
** unkind as the rules of lua_Alloc allow.
*/
#ifndef FUZZ_SUPPORT_H
#define FUZZ_SUPPORT_H

#include <sanitizer/asan_interface.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A malloc that is asked for too much fails, as it does elsewhere, in place of ending the run. */
const char *__asan_default_options(void) {
    return "allocator_may_return_null=1:max_allocation_size_mb=256:malloc_context_size=10";
}

#define CHECK(condition) check(condition, #condition, __FILE__, __LINE__)

static inline void check(bool holds, const char *condition, const char *path, int line) {
    if (holds) return;
    fprintf(stderr, "%s:%d: %s does not hold\n", path, line, condition);
    abort();
}

/* ---------------------------------------------------------------------------------------------
** The input: each byte is a choice. What is behind its end is 0.
*/

typedef struct input {
    const uint8_t *next, *end;
} input;

static inline bool input_ended(const input *in) { return in->next == in->end; }

static inline unsigned byte_of(input *in) { return input_ended(in) ? 0 : *in->next++; }

/* 0 <= result < n <= 256 */
static inline unsigned choice(input *in, unsigned n) { return byte_of(in) % n; }

static inline uint64_t word_of(input *in, unsigned bytes) {
    uint64_t word = 0;
    while (bytes-- > 0) word = word << 8 | byte_of(in);
    return word;
}

/* ---------------------------------------------------------------------------------------------
** The allocator. Each block is one of malloc, so that ASan sees what is outside of it, and moves whenever its size changes.
*/

typedef struct allocator {
    size_t bytes;      /* handed out and not yet given back */
    size_t limit;      /* of bytes */
    size_t fail_after; /* so many requests succeed, then one fails, or all; SIZE_MAX: none */
    bool fails_once;
    bool shrinks_fail;
    bool eight; /* blocks are at multiples of 8, but not of 16 */
} allocator;

static const allocator kind_memory = {0, SIZE_MAX, SIZE_MAX, false, false, false};

typedef struct block_head {
    void *start; /* of malloc */
    size_t size;
} block_head;

static inline bool memory_refuses(allocator *m, size_t old_size, size_t size) {
    if (size < old_size) return m->shrinks_fail;
    if (size - old_size > m->limit - (m->limit < m->bytes ? m->limit : m->bytes)) return true;
    if (m->fail_after == SIZE_MAX) return false;
    if (m->fail_after > 0) {
        m->fail_after--;
        return false;
    }
    if (m->fails_once) m->fail_after = SIZE_MAX;
    return true;
}

static inline block_head *head_of(void *ptr) {
    block_head *head = (block_head *)ptr - 1;
    __asan_unpoison_memory_region(head, sizeof *head);
    return head;
}

static inline void memory_free(allocator *m, void *ptr) {
    block_head *head = head_of(ptr);
    m->bytes -= head->size;
    free(head->start);
}

static inline void *memory_new(allocator *m, size_t size) {
    const size_t lead = sizeof(block_head) + (m->eight ? 8 : 0);
    char *start;
    block_head *head;
    if (size > SIZE_MAX / 4) return NULL;
    start = malloc(lead + size);
    if (start == NULL) return NULL;
    head = (block_head *)(void *)(start + lead) - 1;
    head->start = start;
    head->size = size;
    __asan_poison_memory_region(head, sizeof *head);
    memset(start + lead, 0xa5, size);
    m->bytes += size;
    return start + lead;
}

/* As lua_Alloc and dynarray_alloc. For a new block, old_size may be anything: Lua tells a kind of object by it. */
static inline void *memory_alloc(void *data, void *ptr, size_t old_size, size_t size) {
    allocator *m = data;
    void *fresh;
    if (ptr != NULL) {
        block_head *head = head_of(ptr);
        CHECK(head->size == old_size);
        __asan_poison_memory_region(head, sizeof *head);
    } else
        old_size = 0;
    if (size == 0) {
        if (ptr != NULL) memory_free(m, ptr);
        return NULL;
    }
    if (ptr != NULL && size == old_size) return ptr;
    if (memory_refuses(m, old_size, size)) return NULL;
    fresh = memory_new(m, size);
    if (fresh == NULL || ptr == NULL) return fresh;
    memcpy(fresh, ptr, old_size < size ? old_size : size);
    memory_free(m, ptr);
    return fresh;
}

/* Sets how requests fail from now on, by two bytes. */
static inline void memory_choose_failure(allocator *m, input *in) {
    const unsigned how = byte_of(in), after = byte_of(in);
    m->fail_after = how % 4 == 0 ? SIZE_MAX : how % 4 == 1 ? after % 4 : after;
    m->fails_once = (how & 4) != 0;
    m->shrinks_fail = how % 32 >= 24;
}

#endif
