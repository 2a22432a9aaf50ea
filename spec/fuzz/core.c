/*
** core.c: the arrays of dynarray.h against a model, for libFuzzer: the input is a program whose operations may fail at
** any time. What succeeds leaves what the model has; what fails leaves the array as it was.
*/
#include "core/owner.h"
#include "support.h"

#define SUBJECTS 4
#define MOST_BYTES ((size_t)5 << 20) /* of an array, so that blocks of pages grow, too */
#define MOST_OPERATIONS 200

typedef struct subject {
    dynarray a;
    unsigned char *model; /* the bytes of the elements */
    size_t size;
    unsigned fixes;
    void *lent; /* NULL if its block is its own */
} subject;

static struct {
    allocator memory;
    dynarray_heap heap;
    dynarray_setup setups[SUBJECTS];
    dynarray_stats stats[SUBJECTS];
    dynarray_growth growths[SUBJECTS];
    subject subjects[SUBJECTS];
    uint64_t observed, released;
} world;

static input in;

/* ---------------------------------------------------------------------------------------------
** Callbacks
*/

static void observe(void *data, const dynarray *a, const dynarray_event *event) {
    const subject *s = data;
    world.observed++;
    CHECK(a == &s->a && event->new_capacity == a->capacity && event->size == a->size);
    CHECK(event->old_capacity < event->new_capacity);
    CHECK(event->how == DYNARRAY_COPIED || event->bytes_copied == 0);
}

/* What a policy may say, and what none should. malloc would write a line for each request that is too large. */
static size_t hostile_growth(const dynarray_growth *self, size_t capacity, size_t needed,
                             size_t element_size) {
    const unsigned answer = byte_of(&in);
    (void)self;
    switch (answer < 250 ? 4 + answer % 4 : answer - 250) {
    case 0: return needed - 1;
    case 1: return 0;
    case 2: return capacity;
    case 3: return dynarray_max_capacity(element_size);
    case 4: return needed;
    case 5: return capacity * 2;
    default: return needed + byte_of(&in);
    }
}

static void give_back(void *data, void *lent, size_t bytes) {
    subject *s = data;
    (void)bytes;
    CHECK(s->lent == lent);
    free(lent);
    s->lent = NULL;
    world.released++;
}

/* ---------------------------------------------------------------------------------------------
** Choices
*/

static size_t a_count(const subject *s) {
    const size_t bytes = s->a.element_size;
    switch (choice(&in, 16)) {
    case 0: return SIZE_MAX - byte_of(&in);
    case 1: return dynarray_max_capacity(bytes) + choice(&in, 3) - 1;
    case 2: return SIZE_MAX / bytes + choice(&in, 3) - s->a.size;
    case 3: return (size_t)word_of(&in, 3) / bytes;
    case 4:
    case 5: return (size_t)word_of(&in, 2) / bytes;
    case 6: return s->a.capacity - s->a.size + choice(&in, 3);
    default: return choice(&in, 40);
    }
}

static bool is_modest(const subject *s, size_t more) {
    return more <= MOST_BYTES / s->a.element_size &&
           s->size + more <= MOST_BYTES / s->a.element_size;
}

/* n elements with bytes from the input, repeated, in exactly their memory; n is modest. */
static unsigned char *some_elements(const subject *s, size_t n) {
    const size_t bytes = n * s->a.element_size;
    unsigned char *elements = malloc(bytes > 0 ? bytes : 1);
    const unsigned first = byte_of(&in), step = byte_of(&in);
    CHECK(elements != NULL);
    for (size_t i = 0; i < bytes; i++) elements[i] = (unsigned char)(first + i * step);
    return elements;
}

/* ---------------------------------------------------------------------------------------------
** The model
*/

static void model_insert(subject *s, size_t at, const unsigned char *elements, size_t n) {
    const size_t bytes = s->a.element_size;
    if (n == 0) return;
    s->model = realloc(s->model, (s->size + n) * bytes + 1);
    CHECK(s->model != NULL);
    memmove(s->model + (at + n) * bytes, s->model + at * bytes, (s->size - at) * bytes);
    memcpy(s->model + at * bytes, elements, n * bytes);
    s->size += n;
}

static void model_remove(subject *s, size_t at, size_t n) {
    const size_t bytes = s->a.element_size;
    if (n == 0 || s->model == NULL) return; /* the model may have no memory yet */
    memmove(s->model + at * bytes, s->model + (at + n) * bytes, (s->size - at - n) * bytes);
    s->size -= n;
}

static void check_subject(const subject *s) {
    CHECK(s->a.size == s->size && s->a.capacity >= s->a.size);
    CHECK((s->a.data == NULL) == (s->a.block == DYNARRAY_BLOCK_AUTO));
    if (s->size == 0 || s->a.data == NULL || s->model == NULL)
        CHECK(s->size == 0);
    else
        CHECK(memcmp(s->a.data, s->model, s->size * s->a.element_size) == 0);
    CHECK(dynarray_at(&s->a, s->size) == NULL);
}

static void check_world(void) {
    size_t held = 0;
    for (int i = 0; i < SUBJECTS; i++) {
        const dynarray *a = &world.subjects[i].a;
        if (a->setup->heap != &world.heap) continue;
        if (a->block == DYNARRAY_BLOCK_LENT && !a->setup->lent_counts) continue;
        held += a->capacity * a->element_size;
    }
    CHECK(world.heap.held == held && world.heap.peak >= held);
}

/* ---------------------------------------------------------------------------------------------
** Operations
*/

/* After a failure, all is as it was. */
static bool succeeded(dynarray_status status, const subject *s, const dynarray *before) {
    if (status == DYNARRAY_OK) return true;
    CHECK(s->a.size == before->size && s->a.capacity == before->capacity);
    CHECK(s->a.data == before->data && s->a.block == before->block);
    CHECK(dynarray_strerror(status)[0] != '\0');
    return false;
}

static void extend(subject *s, const dynarray *before) {
    const size_t n = a_count(s);
    unsigned char *elements = some_elements(s, is_modest(s, n) ? n : 1);
    if (!is_modest(s, n)) { /* it must fail before it reads */
        const size_t limit = world.memory.limit;
        world.memory.limit = world.memory.bytes;
        if (n > s->a.capacity - s->a.size && n > MOST_BYTES)
            CHECK(!succeeded(dynarray_extend(&s->a, elements, n | SIZE_MAX / 2), s, before));
        world.memory.limit = limit;
    } else if (succeeded(dynarray_extend(&s->a, elements, n), s, before))
        model_insert(s, s->size, elements, n);
    free(elements);
}

static void extend_by_itself(subject *s, const dynarray *before) {
    const size_t at = s->size > 0 ? word_of(&in, 2) % s->size : 0;
    size_t n = s->size > 0 ? 1 + word_of(&in, 2) % (s->size - at) : 0;
    unsigned char *elements;
    if (n == 0 || !is_modest(s, n)) return;
    elements = malloc(n * s->a.element_size);
    CHECK(elements != NULL);
    memcpy(elements, s->model + at * s->a.element_size, n * s->a.element_size);
    if (succeeded(dynarray_extend(&s->a, dynarray_at(&s->a, at), n), s, before))
        model_insert(s, s->size, elements, n);
    free(elements);
}

static void insert(subject *s, const dynarray *before) {
    const size_t n = a_count(s), at = word_of(&in, 2) % (s->size + 2);
    unsigned char *elements;
    dynarray_status status;
    if (!is_modest(s, n)) return;
    elements = some_elements(s, n);
    status = dynarray_insert(&s->a, at, elements, n);
    CHECK((status == DYNARRAY_OUT_OF_BOUNDS) == (at > s->size));
    if (succeeded(status, s, before)) model_insert(s, at, elements, n);
    free(elements);
}

static void remove_some(subject *s, const dynarray *before) {
    const size_t n = a_count(s), at = word_of(&in, 2) % (s->size + 2);
    const dynarray_status status = dynarray_remove(&s->a, at, n);
    CHECK((status == DYNARRAY_OK) == (at <= s->size && n <= s->size - at));
    if (succeeded(status, s, before)) model_remove(s, at, n);
}

static void resize(subject *s, const dynarray *before) {
    const size_t n = a_count(s), old = s->size;
    unsigned char *fill = choice(&in, 2) ? some_elements(s, 1) : NULL;
    if (n <= MOST_BYTES / s->a.element_size || n > dynarray_max_capacity(s->a.element_size)) {
        if (succeeded(dynarray_resize(&s->a, n, fill), s, before)) {
            if (n < old) model_remove(s, n, old - n);
            s->model = realloc(s->model, n * s->a.element_size + 1);
            CHECK(s->model != NULL);
            if (n > old && fill == NULL)
                memset(s->model + old * s->a.element_size, 0, (n - old) * s->a.element_size);
            for (size_t i = old; i < n && fill != NULL; i++)
                memcpy(s->model + i * s->a.element_size, fill, s->a.element_size);
            s->size = n;
        }
    }
    free(fill);
}

/* Also sizes that no memory holds: if address space is there, it is only reserved. */
static void change_capacity(subject *s, const dynarray *before) {
    const size_t n = a_count(s) + choice(&in, 2) * s->size;
    dynarray_event event;
    dynarray_status status;
    if (n > MOST_BYTES && n <= dynarray_max_capacity(s->a.element_size)) return;
    switch (choice(&in, 4)) {
    case 0: status = dynarray_reserve(&s->a, n); break;
    case 1: status = dynarray_shrink(&s->a); break;
    case 2: status = dynarray_grow(&s->a, n); break;
    default:
        status = dynarray_set_capacity(&s->a, n, &event);
        if (status == DYNARRAY_OK) {
            CHECK(s->a.capacity == n);
            CHECK(event.new_capacity == (n > before->capacity ? n : 0));
        } else
            CHECK(event.new_capacity == 0);
    }
    if (succeeded(status, s, before) && s->a.capacity > before->capacity &&
        s->a.setup->max_size != 0)
        CHECK(s->a.capacity <= s->a.setup->max_size);
}

static void append_typed(subject *s, const dynarray *before) {
    const int32_t x = (int32_t)word_of(&in, 4);
    int32_t y;
    if (s->a.type != DYNARRAY_INT32 || !is_modest(s, 1)) return;
    if (!succeeded(dynarray_append_int32(&s->a, x), s, before)) return;
    model_insert(s, s->size, (const unsigned char *)&x, 1);
    CHECK(dynarray_get_int32(&s->a, s->size - 1, &y) == DYNARRAY_OK && y == x);
}

static void append_by_appender(subject *s) {
    const unsigned n = byte_of(&in);
    dynarray_appender_int32 w;
    if (s->a.type != DYNARRAY_INT32 || !is_modest(s, n)) return;
    w = dynarray_appender_begin_int32(&s->a);
    for (unsigned i = 0; i < n; i++) {
        const int32_t x = (int32_t)(i * 40503u);
        if (dynarray_appender_push_int32(&w, x) != DYNARRAY_OK) break;
        model_insert(s, s->size, (const unsigned char *)&x, 1);
    }
    dynarray_appender_end_int32(&w);
}

static void set_typed(subject *s) {
    const int32_t x = (int32_t)word_of(&in, 4);
    const size_t i = word_of(&in, 2) % (s->size + 1);
    dynarray_status status;
    if (s->a.type != DYNARRAY_INT32) return;
    status = dynarray_set_int32(&s->a, i, x);
    CHECK((status == DYNARRAY_OK) == (i < s->size));
    if (status == DYNARRAY_OK) memcpy(s->model + i * sizeof x, &x, sizeof x);
}

static void release_block(subject *s) {
    const bool lent = s->lent != NULL;
    const uint64_t released = world.released;
    if (s->fixes > 0) return; /* the owner's pins end first */
    dynarray_free(&s->a);
    CHECK(world.released == released + lent);
    CHECK(s->a.data == NULL && s->a.capacity == 0 && s->a.fixed == 0);
    s->size = 0;
}

static void lend(subject *s) {
    const size_t n = choice(&in, 40);
    if (s->a.data != NULL || s->a.setup != &world.setups[s - world.subjects] || s->fixes > 0)
        return;
    s->lent = some_elements(s, n);
    dynarray_lend(&s->a, s->lent, n);
    s->size = 0;
    model_insert(s, 0, s->lent, n);
    CHECK(s->a.capacity == n && s->a.fixed);
}

static void fix(subject *s) {
    if (s->fixes > 0 && choice(&in, 2)) {
        array_unfix(&s->a, s->fixes);
        s->fixes = 0;
    } else if (s->fixes < 200) {
        array_fix(&s->a);
        s->fixes++;
    }
}

/* The elements of another array that has none become these: a block goes from one heap to another. */
static void hand_over(subject *s, subject *to) {
    const bool of_malloc = s->a.setup->heap != &world.heap;
    dynarray a;
    if (s == to || s->a.block == DYNARRAY_BLOCK_AUTO || s->a.fixed || to->a.data != NULL ||
        to->a.fixed)
        return;
    if (s->a.element_size != to->a.element_size || !array_is_portable(&s->a, of_malloc)) return;
    if (s->a.block != DYNARRAY_BLOCK_PAGES && s->a.block != DYNARRAY_BLOCK_STABLE &&
        to->a.setup->heap == &world.heap)
        return; /* its allocator is another one */
    a = s->a;
    if (array_hand_over(&s->a, &to->a) != DYNARRAY_OK) {
        CHECK(s->a.data == a.data && s->a.size == a.size && to->a.data == NULL);
        return;
    }
    to->size = 0;
    model_insert(to, 0, s->model, s->size);
    s->size = 0;
}

static void change_setup(subject *s) {
    const size_t i = (size_t)(s - world.subjects);
    dynarray_setup *setup = &world.setups[i];
    const dynarray_growth *named;
    switch (choice(&in, 8)) {
    case 0: setup->growth = NULL; break;
    case 1:
        named = dynarray_growth_at(choice(&in, 12));
        if (named != NULL) setup->growth = named;
        break;
    case 2:
        world.growths[i] = dynarray_growth_factor(1 + (1 + byte_of(&in)) / 64.0);
        setup->growth = &world.growths[i];
        break;
    case 3:
        world.growths[i] = dynarray_growth_increment(1 + word_of(&in, 2));
        setup->growth = &world.growths[i];
        break;
    case 4:
        world.growths[i] = (dynarray_growth){"hostile", hostile_growth, {0}};
        setup->growth = &world.growths[i];
        break;
    case 5: setup->max_size = word_of(&in, 2); break;
    case 6: setup->max_size = 0; break;
    default: setup->observer = setup->observer == NULL ? observe : NULL;
    }
}

static void change_heap(void) {
    switch (choice(&in, 6)) {
    case 0: world.heap.limit = 0; break;
    case 1: world.heap.limit = word_of(&in, 3); break;
    case 2: world.heap.limit = world.heap.held + choice(&in, 64); break;
    case 3: world.heap.keep = word_of(&in, 3); break;
    case 4: dynarray_heap_trim(&world.heap); break;
    default: dynarray_heap_trim(NULL);
    }
}

static void operate(void) {
    subject *s = &world.subjects[choice(&in, SUBJECTS)];
    const dynarray before = s->a;
    const uint64_t limit = world.heap.limit, held = world.heap.held;
    const unsigned operation = choice(&in, 20);
    switch (operation) {
    case 0: append_typed(s, &before); break;
    case 1: append_by_appender(s); break;
    case 2:
    case 3: extend(s, &before); break;
    case 4: extend_by_itself(s, &before); break;
    case 5: insert(s, &before); break;
    case 6: remove_some(s, &before); break;
    case 7: resize(s, &before); break;
    case 8:
    case 9: change_capacity(s, &before); break;
    case 10: set_typed(s); break;
    case 11: release_block(s); break;
    case 12: lend(s); break;
    case 13: fix(s); break;
    case 14: change_setup(s); break;
    case 15: change_heap(); break;
    case 16: memory_choose_failure(&world.memory, &in); break;
    case 17: hand_over(s, &world.subjects[choice(&in, SUBJECTS)]); break;
    case 18: world.memory.fail_after = SIZE_MAX; break;
    default:
        if (s->a.capacity > s->a.size && s->a.block != DYNARRAY_BLOCK_LENT) {
            unsigned char *element = some_elements(s, 1);
            memcpy((char *)s->a.data + s->size * s->a.element_size, element, s->a.element_size);
            dynarray_set_size(&s->a, s->size + 1);
            model_insert(s, s->size, element, 1);
            free(element);
        }
    }
    check_subject(s);
    check_world();
    if (operation < 10 && limit != 0 && world.heap.held > held) CHECK(world.heap.held <= limit);
}

/* The first bytes: for each array its elements, heap and kind of block. */
static void begin(void) {
    static const dynarray_block blocks[] = {DYNARRAY_BLOCK_AUTO, DYNARRAY_BLOCK_AUTO,
                                            DYNARRAY_BLOCK_COPY, DYNARRAY_BLOCK_STABLE};
    const unsigned flags = byte_of(&in);
    memset(&world, 0, sizeof world);
    world.memory = kind_memory;
    world.memory.eight = (flags & 4) != 0;
    dynarray_heap_init(&world.heap, memory_alloc, &world.memory, flags & 3);
    for (int i = 0; i < SUBJECTS; i++) {
        subject *s = &world.subjects[i];
        dynarray_setup *setup = &world.setups[i];
        const unsigned how = byte_of(&in);
        setup->stats = &world.stats[i];
        setup->observer_data = setup->release_data = s;
        setup->release = give_back;
        setup->lent_counts = (how & 1) != 0;
        setup->block = blocks[how >> 1 & 3];
        setup->heap = how & 8 ? NULL : &world.heap;
        if (how & 16)
            dynarray_init_opaque(&s->a, 1 + (how >> 5) * 5, setup);
        else
            dynarray_init(&s->a, DYNARRAY_INT32, how >> 5 == 7 ? NULL : setup);
    }
}

static void end(void) {
    for (int i = 0; i < SUBJECTS; i++) {
        subject *s = &world.subjects[i];
        if (s->fixes > 0) array_unfix(&s->a, s->fixes);
        s->fixes = 0;
        release_block(s);
        free(s->model);
    }
    CHECK(world.heap.held == 0);
    dynarray_heap_close(&world.heap);
    CHECK(world.memory.bytes == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    in.next = data;
    in.end = data + n;
    begin();
    for (int i = 0; i < MOST_OPERATIONS && !input_ended(&in); i++) operate();
    end();
    return 0;
}
