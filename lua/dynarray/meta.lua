--- A dynamic array whose growth can be chosen, watched and measured.
--- Positions count from 1. Methods that change an array return it, so that calls can be chained, unless they have
--- something else to return.
---
--- Every function comes with its cost, its errors and an example. In examples, `-->` precedes what a line returns or
--- prints, or the error that it raises; all of them run in the tests. `n` is `#a`, where costs are given.
---
--- **Errors** carry the position of the caller's line, if that is a line of Lua; those of elements' operators are Lua's
--- own. An operation that fails leaves size, capacity and elements as they were. Those that many functions share are
--- named here, and referred to by these names:
---
--- - *self*: `bad argument #1 to 'append' (dynarray expected, got nil)`; every method.
--- - *index*: `index 6 out of bounds (size 5)`, `index 1.5 is not an integer`.
--- - *range*: `index 0 out of range (1 to 6)` for an `i` that is not 1 to `n + 1`, `index 6 out of range (0 to 5)` for
---   a `j` that is not 0 to `n`.
--- - *element*: `300 does not fit into uint8 (0 to 255) at index 3`, `1.5 has no integer representation, wanted int8 at
---   index 1`, `string "10" is not a number, wanted float64 at index 2`. The index is where the element was to be.
--- - *write*: `array is read-only`, for frozen views and mapped files.
--- - *size*: `array is closed`, `a view cannot grow or shrink`, `array cannot grow or shrink` (a mapped file, or a
---   host's memory), `array is pinned` (by a C host).
--- - *growth*: the *size* errors, `size 11 exceeds max_size 10`, `not enough memory`, `not enough memory: 80 bytes
---   wanted, limit 64, held 0`, what a growth policy or an observer raises, and `array was changed by a
---   callback`, where one of them did.
--- - *memory*: `not enough memory`, alone or with the limit of `dynarray.limit`; whatever makes an array.
--- - *numeric*: `numeric array expected, got a value array`.
--- - *operands*: `operands differ: float64 of size 2, float64 of size 3`, `300 does not fit into uint8 (0 to 255) as
---   operand`.
--- - *source*: `table, dynarray or function expected, got number`.
---@meta dynarray

--- The module's table.
---
--- ```lua
--- dynarray.version                 --> 0.1.0
--- table.concat(dynarray.types, " ")
--- --> int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 value
--- dynarray.growth.double(8, 9, 8)  --> 16
--- dynarray.probe.clock() > 0       --> true
--- ```
---@class dynarray.module
---@field growth table<string,dynarray.policy> The named policies, and `"increment:N"` for any N, without an array; O(1)
---@field probe dynarray.probe Instruments that measure arrays and this process
---@field types dynarray.type[] The names of all element types
---@field version string The version, as `"0.1.0"`
local dynarray = {}

--- An element type.
--- `value` holds any Lua value, nil included, in 8 bytes and an entry of a table where it is an object; it is the
--- default. The others hold numbers of that many bits. Floats with an integer value are taken as integers, as Lua
--- does; a finite number beyond float32 does not fit into it. A `uint64` above `2^63 - 1` is read, and written, as a
--- float, the nearest: written back, it may be another element, or none.
---
--- ```lua
--- dynarray.of("x", nil, true)             --> dynarray<value>(size 3, capacity 3): "x", nil, true
--- dynarray.from({ 1, 2.0 }, "int8")[2]    --> 2
--- dynarray.from({ 0.1 }, "float32")[1] - 0.1 < 1e-8    --> true
--- dynarray.from({ 1, 300 }, "uint8")      --> error: 300 does not fit into uint8 (0 to 255) at index 2
--- dynarray.from({ 1.5 }, "int64")         --> error: 1.5 has no integer representation, wanted int64 at index 1
--- dynarray.from({ "10" }, "float64")      --> error: string "10" is not a number, wanted float64 at index 1
--- ```
---@alias dynarray.type "value"|"int8"|"int16"|"int32"|"int64"|"uint8"|"uint16"|"uint32"|"uint64"|"float32"|"float64"

--- The name of a growth policy; `"increment:N"` is one as well, for every integer N >= 1.
---
--- | name | capacity when c is not enough for n | as in |
--- | --- | --- | --- |
--- | `double` | 2c | the article, libstdc++ |
--- | `1.5` | c + c/2, from 10 | Java's ArrayList, MSVC |
--- | `golden` | 1.618c, rounded up | |
--- | `cpython` | n + n/8 + 6, to a multiple of 4 | CPython's list |
--- | `python-array` | n + n/16 + 3 (from c = 8 on: 7) | CPython's array |
--- | `rust` | 2c, at least 8, 4 or 1 by element size | Rust's Vec |
--- | `go` | 2c below 256, then towards 1.25c, in size classes | Go's append |
--- | `folly` | 2c below 4 KiB, 1.5c to 128 KiB, then 2c; from 64 bytes | folly's fbvector |
--- | `lua` | the next power of two | Lua's tables |
--- | `v8` | c + c/2 + 16 | V8's arrays |
--- | `exact` | n | |
--- | `increment:N` | c + N, as often as needed | |
---
--- ```lua
--- dynarray.growth.go(512, 513, 8)               --> 848
--- dynarray.growth["increment:100"](16, 17)      --> 116
--- dynarray.growth.lua("x", 1)
--- --> error: bad argument #1 to 'lua' (capacity expected an integer, got string)
--- dynarray.new{ growth = "triple" }
--- --> error: growth "triple" is no policy (a factor > 1, a function, or one of double, 1.5, golden, ...
--- ```
---@alias dynarray.policy_name "double"|"1.5"|"golden"|"cpython"|"python-array"|"rust"|"go"|"folly"|"lua"|"v8"|"exact"

--- A growth policy as a function.
--- It is called when `capacity` is less than `needed`, and returns the new capacity, in elements: an integer of at
--- least `needed`, and at most `max_size` where there is one. Those of `dynarray.growth` take 8 for `element_size` if
--- it is left out.
---
--- ```lua
--- local a = dynarray.new{ capacity = 1, growth = function(capacity, needed) return capacity + 10 end }
--- a:append(1, 2).capacity      --> 11
--- a:set_growth(function() return 5 end):append(1)
--- a:extend(a):extend(a)        --> error: growth policy returned 5, needed at least 12
--- ```
---@alias dynarray.policy fun(capacity:integer,needed:integer,element_size?:integer):integer

--- What sets an array's growth: a factor > 1, a name, or a function.
---@alias dynarray.growth number|dynarray.policy_name|string|dynarray.policy

--- Where elements come from: a sequence, an array, or an iterator function, called without arguments until it returns
--- nil (a closure as `io.lines` gives, not what `pairs` returns). Tables with metamethods are read through them.
---@alias dynarray.source table|dynarray|function

--- The options of `new`, `from` and `filled`.
--- `initial_size` and `initial_fill` are other names of `capacity` and `fill`.
---
--- **Errors**: `unknown option 'x' (known: ...)`, `capacity expected an integer >= 0, got -1` and the like,
--- `options 'capacity' and 'initial_size' are the same, give one`, `capacity 16 exceeds max_size 10`,
--- `block 'stable' needs pages, and this state has its own allocator`.
---
--- ```lua
--- local a = dynarray.new{ type = "int32", capacity = 2, fill = 7, growth = 1.5, max_size = 5 }
--- a:resize(3)                           --> dynarray<int32>(size 3, capacity 3): 7, 7, 7
--- a:resize(6)                           --> error: size 6 exceeds max_size 5
--- local s = dynarray.new{ bounds = "sequence" }
--- table.insert(s, "x")
--- s                                     --> dynarray<value>(size 1, capacity 16): "x"
--- local d = dynarray.new{ initial_size = 1, initial_fill = 1, debug = false, block = "copy" }
--- d:resize(1)                           --> dynarray<value>(size 1, capacity 1): 1
--- local grown = {}
--- local w = dynarray.new{ capacity = 1, on_grow = function(event) grown[#grown + 1] = event.new_capacity end }
--- for i = 1, 5 do w:append(i) end
--- table.concat(grown, " ")              --> 2 4 8
--- dynarray.new{ size = 1 }
--- --> error: bad argument #1 to 'new' (unknown option 'size' (known: block, bounds, capacity, ...
--- dynarray.new{ capacity = -1 }
--- --> error: bad argument #1 to 'new' (capacity expected an integer >= 0, got -1)
--- ```
---@class dynarray.options
---@field type? dynarray.type The element type; `"value"` by default
---@field capacity? integer Elements that fit before the first growth, >= 0; by default 16, or what a source holds
---@field initial_size? integer The same as `capacity`
---@field fill? any What `resize` writes, of the element type; 0 by default
---@field initial_fill? any The same as `fill`
---@field growth? dynarray.growth 2 by default
---@field bounds? "strict"|"sequence" What happens outside 1 to `#a`, see `dynarray`; `"strict"` by default
---@field max_size? integer The most elements, >= 1; none by default
---@field on_grow? fun(event:dynarray.event) Called after each growth; what it raises undoes the growth
---@field debug? boolean Whether each growth prints a line, before it; false by default
---@field block? "auto"|"copy"|"stable" `"copy"`: allocate, copy, free; `"stable"`: it never moves; `"auto"` by default

--- A growth, as `on_grow` sees it.
---
--- ```lua
--- local seen
--- local a = dynarray.new{ capacity = 1, on_grow = function(event) seen = event end }
--- a:append(1):append(2)
--- seen.old_capacity, seen.new_capacity, seen.size    --> 1 2 1
--- seen.bytes_copied, seen.how                        --> 8 copied
--- ```
---@class dynarray.event
---@field size integer Elements at that time
---@field old_capacity integer In elements
---@field new_capacity integer In elements
---@field bytes_copied integer Bytes of elements that were copied; 0 where pages moved
---@field how "copied"|"moved"|"in place" `"moved"`: pages moved, no element was touched

--- What `stats` returns: growths since the array was made.
---@class dynarray.stats
---@field growths integer How often the capacity grew
---@field elements_copied integer By growths
---@field bytes_copied integer By growths
---@field moves integer Blocks moved without copying
---@field in_place integer Growths of a block that stayed where it was
---@field peak_bytes integer The most that was held at once: while a block is copied, the old and the new one
---@field growth_ns integer Time spent in growths to 64 KiB and more, in nanoseconds

--- What `dynarray.memory` returns: of all arrays of this Lua state.
---@class dynarray.usage
---@field bytes integer Held in blocks, now
---@field peak integer The most that `bytes` was
---@field kept integer Of freed blocks, for the next ones: see `dynarray.collector`
---@field arrays integer Neither closed nor collected
---@field growths integer Of all arrays so far
---@field limit? integer The limit in bytes, if there is one

--- The settings of `dynarray.collector`.
---@class dynarray.pacing
---@field pause? integer When a cycle is due, in percent of what was live after the last one: 110 to 1000; default 200
---@field off? boolean Whether arrays leave the collector alone; false by default
---@field keep? integer Bytes of freed blocks that stay for the next ones; default 65536, 0 where the state has an
--- allocator of its own

--- The instruments; each has its entry below.
---@class dynarray.probe
---@field build dynarray.build How the module was compiled
---@field clock function
---@field memory function
---@field reset_peak function
---@field appends function
---@field chase function
---@field overhead function
local probe = {}

--- How the module was compiled: what is measured in a slow build says little.
---@class dynarray.build
---@field compiler string The compiler's version, in its own words
---@field optimized boolean Whether the compiler optimised
---@field sanitized boolean Whether address checks are compiled in

--- What `dynarray.probe.memory` returns: of the whole process. What the system does not tell is nil.
---@class dynarray.process
---@field resident? integer Bytes in memory now; exact, where Linux' own short figures lag by some hundred pages
---@field peak? integer The most bytes that were in memory, since the process began or since `reset_peak`
---@field mapped? integer Bytes of address space in use, touched or not
---@field minor_faults? integer Pages that were given on first touch, since the process began
---@field major_faults? integer Pages that had to be read from a disk

--- What `dynarray.probe.overhead` returns, in nanoseconds.
---@class dynarray.overhead
---@field clock number A reading of the clock: what each duration of `appends` holds beside the append
---@field memory number A reading of `memory`
---@field append number An append of `appends` to a block with room, in the cache

--- An array.
--- `a[i]` reads and `a[i] = v` writes element `i`; operators and metamethods are in a section of their own.
---
--- Outside 1 to `#a`, arrays with `bounds = "strict"` raise *index* errors. With `bounds = "sequence"` they behave as a
--- table: reading gives nil, writing at `#a + 1` appends, writing nil at `#a` pops, writing nil outside does nothing,
--- other writes outside are *index* errors. So all of `table` works on sequence arrays.
---
--- Its fields are read-only and O(1). Reading any other name gives nil.
---
--- **Errors**: `field 'size' is read-only`, `no field 'foo' in a dynarray`, `a table cannot be an index`.
---
--- ```lua
--- local a = dynarray.from({ 10, 20, 30 }, "int16")
--- a.size, a.capacity, a.allocated_size        --> 3 3 3
--- a.type, a.element_size                      --> int16 2
--- a.growth, a.bounds, a.max_size, a.block     --> 2 strict nil inline
--- a.foo                                       --> nil
--- a.size = 1                                  --> error: field 'size' is read-only
--- a.foo = 1                                   --> error: no field 'foo' in a dynarray
--- a[{}] = 1                                   --> error: a table cannot be an index
--- ```
---@class dynarray
---@field [integer] any
---@field size integer Elements in use, as `#a`
---@field capacity integer Elements that fit before the array grows
---@field allocated_size integer The same as `capacity`
---@field type dynarray.type The element type
---@field element_size integer Bytes of an element: 1, 2, 4 or 8
---@field growth dynarray.growth The growth policy as it was given; 2 by default
---@field bounds "strict"|"sequence" What happens outside 1 to `#a`
---@field max_size? integer The most elements; nil if there is no such bound
---@field block "inline"|"heap"|"pages"|"copy"|"stable"|"lent"|"view"|"none" Where the elements are
---@operator len: integer
---@operator concat(dynarray): dynarray
---@operator add(dynarray|number): dynarray
---@operator sub(dynarray|number): dynarray
---@operator mul(dynarray|number): dynarray
---@operator div(dynarray|number): dynarray
local a = {}

-- What stands behind operators; not there to be called.
local metamethods = {}

--- Make.
-- @section make

--- A new, empty array.
---
--- **Cost**: O(capacity) bytes of address space; no element is written, so that unused capacity takes no memory. Up to
--- 256 bytes lie in the userdata itself.
---
--- **Errors**: those of the options; *memory*.
---
--- ```lua
--- dynarray.new()                                      --> dynarray<value>(size 0, capacity 16)
--- dynarray.new("float64")                             --> dynarray<float64>(size 0, capacity 16)
--- dynarray.new{ type = "uint8", capacity = 1000 }     --> dynarray<uint8>(size 0, capacity 1000)
--- dynarray.new("int128")
--- --> error: bad argument #1 to 'new' (type expected value, int8, int16, int32, int64, ...
--- dynarray.new(5)
--- --> error: bad argument #1 to 'new' (type or table of options expected, got number)
--- ```
---@param options? dynarray.type|dynarray.options
---@return dynarray
function dynarray.new(options) end

--- A value array of the arguments, nils included.
---
--- **Cost**: O(arguments).
---
--- **Errors**: *memory*.
---
--- ```lua
--- dynarray.of(1, nil, "three")    --> dynarray<value>(size 3, capacity 3): 1, nil, "three"
--- #dynarray.of()                  --> 0
--- ```
---@param ... any
---@return dynarray
function dynarray.of(...) end

--- A new array of the elements of a table, an array or an iterator.
--- Its type is that of a source array, `"value"` otherwise, unless one is given.
---
--- **Cost**: O(elements); arrays of the same numeric type are copied as bytes.
---
--- **Errors**: *source*, *element*, those of the options, *memory*; what the source raises.
---
--- ```lua
--- dynarray.from{ 1, 2, 3 }                       --> dynarray<value>(size 3, capacity 3): 1, 2, 3
--- dynarray.from({ 1, 2, 3 }, "float32")          --> dynarray<float32>(size 3, capacity 3): 1.0, 2.0, 3.0
--- dynarray.from(string.gmatch("a b c", "%a"))    --> dynarray<value>(size 3, capacity 16): "a", "b", "c"
--- dynarray.from({ 1, 2 }, { type = "int8", capacity = 10 })    --> dynarray<int8>(size 2, capacity 10): 1, 2
--- dynarray.from(5)
--- --> error: bad argument #1 to 'from' (table, dynarray or function expected, got number)
--- ```
---@param source dynarray.source
---@param options? dynarray.type|dynarray.options
---@return dynarray
function dynarray.from(source, options) end

--- A new array of `n` elements, all equal to `value`.
---
--- **Cost**: O(n).
---
--- **Errors**: `size 0 out of range (1 to 9223372036854775807)`, *element*, those of the options, *memory*.
---
--- ```lua
--- dynarray.filled(3, 0.5, "float64")    --> dynarray<float64>(size 3, capacity 3): 0.5, 0.5, 0.5
--- dynarray.filled(2, "x")               --> dynarray<value>(size 2, capacity 2): "x", "x"
--- dynarray.filled(0, 1)
--- --> error: bad argument #1 to 'filled' (size 0 out of range (1 to 9223372036854775807))
--- ```
---@param n integer >= 1
---@param value any
---@param options? dynarray.type|dynarray.options
---@return dynarray
function dynarray.filled(n, value, options) end

--- A new array of the same type and elements, growth, bounds, fill, `max_size` and kind of block.
--- Its capacity is its size; `on_grow` and `debug` stay behind. A copy of a view is an array of its own.
---
--- **Cost**: O(n); copied as bytes, in value arrays one by one.
---
--- **Errors**: *self*, `array is closed`, *memory*.
---
--- ```lua
--- local a = dynarray.new{ growth = 1.5 }:append(1, 2)
--- local b = a:copy()
--- b[1] = 9
--- a[1], b[1], b.growth, b.capacity    --> 1 9 1.5 2
--- ```
---@return dynarray
function a:copy() end

--- A new array, of the same type and bounds, of elements `i` to `j`; empty if `j < i`.
---
--- **Cost**: O(j - i), copied.
---
--- **Errors**: *self*, *range*, `array is closed`, *memory*.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3, 4)
--- a:slice(2, 3)     --> dynarray<value>(size 2, capacity 2): 2, 3
--- #a:slice(5)       --> 0
--- a:slice(0)        --> error: bad argument #1 to 'slice' (index 0 out of range (1 to 5))
--- a:slice(1, 5)     --> error: bad argument #2 to 'slice' (index 5 out of range (0 to 4))
--- ```
---@param i? integer 1 to `#a + 1`; 1 by default
---@param j? integer 0 to `#a`; `#a` by default
---@return dynarray
function a:slice(i, j) end

--- Read and write.
-- @section elements

--- The element at `i`, as `a[i]`.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, *index* (strict bounds), `index expected, got string`.
---
--- ```lua
--- local a = dynarray.of(10, 20)
--- a:get(2)     --> 20
--- a:get(3)     --> error: index 3 out of bounds (size 2)
--- a:get("1")   --> error: bad argument #1 to 'get' (index expected, got string)
--- ```
---@param i integer 1 to `#a`; any with sequence bounds
---@return any
function a:get(i) end

--- Writes element `i`, as `a[i] = value`.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, *index*, *element*, *write*, of objects *memory*; *growth*, where a sequence appends.
---
--- ```lua
--- local a = dynarray.from({ 10, 20 }, "uint8")
--- a:set(1, 30)     --> dynarray<uint8>(size 2, capacity 2): 30, 20
--- a:set(3, 1)      --> error: index 3 out of bounds (size 2)
--- a:set(1, 300)    --> error: 300 does not fit into uint8 (0 to 255) at index 1
--- ```
---@param i integer 1 to `#a`; to `#a + 1` with sequence bounds
---@param value any
---@return dynarray a
function a:set(i, value) end

--- Elements `i` to `j` become `value`.
---
--- **Cost**: O(j - i).
---
--- **Errors**: *self*, *range*, *element*, *write*; of objects *memory*.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3, 4)
--- a:fill(0, 2, 3)    --> dynarray<value>(size 4, capacity 4): 1, 0, 0, 4
--- a:fill("x")        --> dynarray<value>(size 4, capacity 4): "x", "x", "x", "x"
--- ```
---@param value any
---@param i? integer 1 to `#a + 1`; 1 by default
---@param j? integer 0 to `#a`; `#a` by default
---@return dynarray a
function a:fill(value, i, j) end

--- Copies the elements of `old` over 1 to `#old`, without growing: `old` must fit into the capacity.
--- The size becomes the larger of the two.
---
--- **Cost**: O(#old), copied.
---
--- **Errors**: *self*, `Not enough space to copy into`, `dynarray or table expected, got number`, *element*, *write*;
--- of objects *memory*.
---
--- ```lua
--- local a = dynarray.new{ capacity = 3 }:append(1, 2)
--- a:copy_from{ 7, 8, 9 }      --> dynarray<value>(size 3, capacity 3): 7, 8, 9
--- a:copy_from{ 1 }            --> dynarray<value>(size 3, capacity 3): 1, 8, 9
--- a:copy_from{ 1, 2, 3, 4 }   --> error: Not enough space to copy into
--- ```
---@param old table|dynarray
---@return dynarray a
function a:copy_from(old) end

--- Exchanges elements `i` and `j`.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, *index*, *write*.
---
--- ```lua
--- dynarray.of(1, 2, 3):swap(1, 3)    --> dynarray<value>(size 3, capacity 3): 3, 2, 1
--- dynarray.of(1):swap(1, 2)          --> error: index 2 out of bounds (size 1)
--- ```
---@param i integer 1 to `#a`
---@param j integer 1 to `#a`
---@return dynarray a
function a:swap(i, j) end

--- Add.
-- @section add

--- Adds the arguments at the end, nils included.
---
--- **Cost**: O(1) amortised each with factors and the policies of that kind; a growth costs what the block's kind
--- makes it, O(n) at most. With `"exact"` and `"increment:N"` n appends cost `O(n^2)`.
---
--- **Errors**: *self*, *element*, *growth*.
---
--- ```lua
--- local a = dynarray.new("float64")
--- a:append(1):append(2, 3)    --> dynarray<float64>(size 3, capacity 16): 1.0, 2.0, 3.0
--- a:append(4, "x")            --> error: string "x" is not a number, wanted float64 at index 5
--- #a                          --> 3
--- ```
---@param ... any
---@return dynarray a
function a:append(...) end

--- Adds all elements of a source at the end, or none.
---
--- **Cost**: O(elements) and at most one growth; arrays of the same numeric type are copied as bytes. What an iterator
--- or a table with metamethods gives is collected first, and so copied twice.
---
--- **Errors**: *self*, *source*, *element*, *growth*; what the source raises.
---
--- ```lua
--- local a = dynarray.of(1)
--- a:extend{ 2, 3 }                --> dynarray<value>(size 3, capacity 3): 1, 2, 3
--- #a:extend(a)                    --> 6
--- a:extend(5)
--- --> error: bad argument #1 to 'extend' (table, dynarray or function expected, got number)
--- ```
---@param source dynarray.source
---@return dynarray a
function a:extend(source) end

--- Inserts the values before element `pos`: the first of them becomes `a[pos]`.
---
--- **Cost**: O(n - pos + values): what follows is moved once; a growth as in `append`.
---
--- **Errors**: *self*, *index*, *element*, *write*, *growth*, `value expected`.
---
--- ```lua
--- local a = dynarray.of(1, 4)
--- a:insert(2, 2, 3)     --> dynarray<value>(size 4, capacity 4): 1, 2, 3, 4
--- a:insert(5, 5)[5]     --> 5
--- a:insert(7, 0)        --> error: index 7 out of bounds (size 5)
--- a:insert(7)           --> error: bad argument #2 to 'insert' (value expected)
--- ```
---@param pos integer 1 to `#a + 1`
---@param ... any
---@return dynarray a
function a:insert(pos, ...) end

--- Inserts all elements of a source before element `pos`, or none.
---
--- **Cost**: O(n - pos + elements), and at most one growth.
---
--- **Errors**: *self*, *index*, *source*, *element*, *write*, *growth*; what the source raises.
---
--- ```lua
--- dynarray.of(1, 4):insert_all(2, { 2, 3 })    --> dynarray<value>(size 4, capacity 4): 1, 2, 3, 4
--- ```
---@param pos integer 1 to `#a + 1`
---@param source dynarray.source
---@return dynarray a
function a:insert_all(pos, source) end

--- Remove.
-- @section remove

--- Removes the last element and returns it.
---
--- **Cost**: O(1); the capacity stays.
---
--- **Errors**: *self*, *size*, `pop from an empty array`; nil instead with sequence bounds.
---
--- ```lua
--- local a = dynarray.of(1, 2)
--- a:pop()                                           --> 2
--- a:pop()                                           --> 1
--- a:pop()                                           --> error: pop from an empty array
--- dynarray.new{ bounds = "sequence" }:pop()         --> nil
--- ```
---@return any
function a:pop() end

--- Removes element `pos` and returns it; the last one by default. nil is no `pos`: `index_of` gives it for what is not
--- there.
---
--- **Cost**: O(n - pos).
---
--- **Errors**: *self*, *index*, `remove from an empty array`, *write*, *size*. With sequence bounds nil is returned
--- where `table.remove` returns nil.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3)
--- a:remove(1)     --> 1
--- a:remove()      --> 3
--- a:remove(2)     --> error: index 2 out of bounds (size 1)
--- a:remove(nil)   --> error: bad argument #1 to 'remove' (index expected, got nil)
--- ```
---@param pos? integer 1 to `#a`
---@return any
function a:remove(pos) end

--- Removes elements `i` to `j`; none if `j < i`.
---
--- **Cost**: O(n - i).
---
--- **Errors**: *self*, *range*, *write*, *size*.
---
--- ```lua
--- dynarray.of(1, 2, 3, 4):remove_range(2, 3)    --> dynarray<value>(size 2, capacity 4): 1, 4
--- ```
---@param i integer 1 to `#a + 1`
---@param j integer 0 to `#a`
---@return dynarray a
function a:remove_range(i, j) end

--- Removes element `pos` and returns it; the last element takes its place.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, *index*, *write*, *size*.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3, 4)
--- a:swap_remove(1)    --> 1
--- a                   --> dynarray<value>(size 3, capacity 4): 4, 2, 3
--- ```
---@param pos integer 1 to `#a`
---@return any
function a:swap_remove(pos) end

--- Of neighbours that are equal, the first stays.
--- In a sorted array no element occurs twice then. NaN equals nothing.
---
--- **Cost**: O(n), in place; value arrays need n bytes of scratch memory.
---
--- **Errors**: *self*, *write*, *size*; in value arrays *memory*, what an `__eq` raises, `array was changed by a
--- callback`.
---
--- ```lua
--- dynarray.of(1, 1, 2, 2, 1):dedup()    --> dynarray<value>(size 3, capacity 5): 1, 2, 1
--- ```
---@return dynarray a
function a:dedup() end

--- Removes all elements; the capacity stays.
---
--- **Cost**: O(1); O(n) in value arrays that hold objects.
---
--- **Errors**: *self*, *size*.
---
--- ```lua
--- dynarray.of(1, 2):clear()    --> dynarray<value>(size 0, capacity 2)
--- ```
---@return dynarray a
function a:clear() end

--- Size and memory.
-- @section size

--- Makes the size `n`, removing elements at the end or adding copies of `fill`.
---
--- **Cost**: O(|n - #a|); a growth as in `append`.
---
--- **Errors**: *self*, `size -1 out of range (0 to ...)`, *element*, *growth*.
---
--- ```lua
--- local a = dynarray.of(1)
--- a:resize(3)            --> dynarray<value>(size 3, capacity 3): 1, 0, 0
--- a:resize(4, "x")[4]    --> x
--- #a:resize(0)           --> 0
--- ```
---@param n integer >= 0
---@param fill? any By default the array's `fill`, 0 if none was given
---@return dynarray a
function a:resize(n, fill) end

--- Makes the capacity at least `n`, exactly `n` if it was less.
---
--- **Cost**: O(n) at most, as a growth; no element is written.
---
--- **Errors**: *self*, `capacity -1 out of range (0 to ...)`, *growth*.
---
--- ```lua
--- local a = dynarray.new():reserve(1000)
--- a.capacity                --> 1000
--- a:reserve(10).capacity    --> 1000
--- ```
---@param n integer >= 0
---@return dynarray a
function a:reserve(n) end

--- Makes the capacity the size. A value array that anchors no object gives up its table of them, too.
---
--- **Cost**: O(n) at most; where pages are given back, in proportion to these.
---
--- **Errors**: *self*, *size*, *memory*.
---
--- ```lua
--- dynarray.new():append(1, 2):shrink_to_fit()    --> dynarray<value>(size 2, capacity 2): 1, 2
--- ```
---@return dynarray a
function a:shrink_to_fit() end

--- Changes the growth policy, from the next growth on.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, `growth 0.5 is no policy (a factor > 1, a function, or one of ...)`, `array is closed`.
---
--- ```lua
--- local a = dynarray.new{ capacity = 10 }:set_growth("increment:5")
--- a:resize(11).capacity    --> 15
--- a:set_growth(0.5)        --> error: growth 0.5 is no policy (a factor > 1, a function, or one of double, ...
--- ```
---@param policy dynarray.growth
---@return dynarray a
function a:set_growth(policy) end

--- Growths so far, in figures.
---
--- **Cost**: O(1), a new table.
---
--- **Errors**: *self*.
---
--- ```lua
--- local a = dynarray.new{ capacity = 1, block = "copy" }
--- for i = 1, 1000 do a:append(i) end
--- local stats = a:stats()
--- stats.growths, stats.elements_copied, stats.bytes_copied    --> 10 1023 8184
--- stats.moves, stats.in_place, stats.peak_bytes               --> 0 0 12288
--- stats.growth_ns >= 0                                        --> true
--- ```
---@return dynarray.stats
function a:stats() end

--- Frees the block at once. The array is empty for good, its `stats` are 0, and adding to it is an error.
--- Closing it again does nothing. `local a <close> = dynarray.new()` does it at the end of the scope.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*, `array is pinned`.
---
--- ```lua
--- local a = dynarray.of(1, 2)
--- a:close()
--- a              --> dynarray<value>(closed)
--- #a             --> 0
--- a:append(1)    --> error: array is closed
--- ```
function a:close() end

--- The address of the first element, for FFI and C hosts; nil if there is no block.
--- It is invalid as soon as the capacity changes, or the array is closed or collected; with `block = "stable"` growing
--- leaves it valid. A view's is its parent's, and as short-lived.
---
--- **Cost**: O(1).
---
--- **Errors**: *self*.
---
--- ```lua
--- type(dynarray.of(1):pointer())              --> userdata
--- dynarray.new{ capacity = 0 }:pointer()      --> nil
--- ```
---@return lightuserdata?
function a:pointer() end

--- Views.
-- @section views

--- A window on elements `i` to `j`, which shares them: writing to one is seen in the other.
--- It keeps the array alive and stays valid when that grows or moves. Its size is what the array has at these places at
--- the time: less when the array shrinks, and more again when it grows. It cannot grow or shrink by itself. A view of a
--- view is one of the array.
---
--- **Cost**: O(1), nothing is copied.
---
--- **Errors**: *self*, *range*, `array is closed`, *memory*.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3, 4)
--- local v = a:view(2, 3)
--- v                     --> dynarray<value>(size 2, capacity 2): 2, 3
--- v[1] = 9
--- a[2]                  --> 9
--- #a:resize(2), #v      --> 2 1
--- v:append(1)           --> error: a view cannot grow or shrink
--- ```
---@param i? integer 1 to `#a + 1`; 1 by default
---@param j? integer 0 to `#a`; `#a` by default
---@return dynarray
function a:view(i, j) end

--- A read-only view of all elements, however many there will be.
---
--- **Cost**: O(1), nothing is copied.
---
--- **Errors**: *self*, `array is closed`, *memory*.
---
--- ```lua
--- local a = dynarray.of(1, 2)
--- local f = a:frozen()
--- f[1] = 9             --> error: array is read-only
--- a:append(3)
--- #f                   --> 3
--- ```
---@return dynarray
function a:frozen() end

--- Search.
-- @section search

--- The first index, from `from` on, of an element equal to `value`; nil if there is none.
--- Equality is Lua's `==`. In numeric arrays what is no element of the type is not there (0.1 is no float32); NaN never
--- is. `uint64` elements past `2^63 - 1` are compared as what they are, not as the float that they read as.
---
--- **Cost**: O(n), without Lua calls in numeric arrays.
---
--- **Errors**: *self*, `index 0 out of range (1 to 9223372036854775807)`; what an `__eq` raises.
---
--- ```lua
--- local a = dynarray.of("x", "y", "x")
--- a:index_of("x")       --> 1
--- a:index_of("x", 2)    --> 3
--- a:index_of("z")       --> nil
--- ```
---@param value any
---@param from? integer >= 1; 1 by default
---@return integer?
function a:index_of(value, from) end

--- Whether an element equals `value`, as `index_of` tells.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*; what an `__eq` raises.
---
--- ```lua
--- dynarray.of(1, nil):contains(nil)             --> true
--- dynarray.from({ 1 }, "int8"):contains(300)    --> false
--- ```
---@param value any
---@return boolean
function a:contains(value) end

--- How many elements equal `value`.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*; what an `__eq` raises.
---
--- ```lua
--- dynarray.of(1, 2, 1.0):count(1)    --> 2
--- ```
---@param value any
---@return integer
function a:count(value) end

--- The first index whose element is not less than `value`; `#a + 1` if all are.
--- The array must be sorted, by `less` or else by Lua's `<` with NaN last; otherwise some index is returned. `less`
--- gets an element and `value`, in either order: they must be of one kind. `uint64` elements past `2^63 - 1` are
--- compared as the floats that they read as.
---
--- **Cost**: O(log n).
---
--- **Errors**: *self*, `attempt to compare ...` as Lua's, what `less` raises, `array was changed by a callback`.
---
--- ```lua
--- local a = dynarray.of(1, 3, 3, 5)
--- a:lower_bound(3)    --> 2
--- a:lower_bound(9)    --> 5
--- a:lower_bound("x")  --> error: attempt to compare number with string
--- dynarray.of(5, 3, 1):lower_bound(4, function(x, y) return x > y end)    --> 2
--- ```
---@param value any
---@param less? fun(x:any,y:any):boolean
---@return integer
function a:lower_bound(value, less) end

--- The first index whose element is greater than `value`; `#a + 1` if none is. The array must be sorted, as in
--- `lower_bound`.
---
--- **Cost**: O(log n).
---
--- **Errors**: those of `lower_bound`.
---
--- ```lua
--- dynarray.of(1, 3, 3, 5):upper_bound(3)    --> 4
--- ```
---@param value any
---@param less? fun(x:any,y:any):boolean
---@return integer
function a:upper_bound(value, less) end

--- Inserts `value` into a sorted array, as in `lower_bound`, behind those that are equal.
---
--- **Cost**: O(log n) comparisons, O(n) elements moved; a growth as in `append`.
---
--- **Errors**: *self*, *element*, *write*, *growth*, those of `lower_bound`.
---
--- ```lua
--- local a = dynarray.of(1, 3, 5)
--- select(2, a:insert_sorted(4))    --> 3
--- a                                --> dynarray<value>(size 4, capacity 6): 1, 3, 4, 5
--- local tasks, sooner = dynarray.new(), function(x, y) return x.at < y.at end
--- tasks:insert_sorted({ at = 9, name = "later" }, sooner)
--- tasks:insert_sorted({ at = 2, name = "now" }, sooner)
--- tasks[1].name                    --> now
--- ```
---@param value any
---@param less? fun(x:any,y:any):boolean
---@return dynarray a
---@return integer i where it is now
function a:insert_sorted(value, less) end

--- Order.
-- @section order

--- Sorts in place, by Lua's `<` or by `less`; elements that are equal keep their order.
--- Without `less` NaN comes last, and -0.0 before 0.0 in float arrays. A `less` that contradicts itself gives some
--- order of the same elements.
---
--- **Cost**: numbers without `less`: in place, O(n log n) with AVX-512 for types of 4 and 8 bytes, else O(n), a radix
--- sort, with half a MiB of scratch memory where it can be had; otherwise O(n log n) comparisons and scratch memory of
--- 24 bytes an element.
---
--- **Errors**: *self*, *write*, `attempt to compare ...` as Lua's, what `less` raises, `array was changed by the
--- comparator while it was sorted`, *memory*.
---
--- ```lua
--- dynarray.of(3, 1, 2):sort()                                        --> dynarray<value>(size 3, capacity 3): 1, 2, 3
--- dynarray.of(3, 1, 2):sort(function(x, y) return x > y end)         --> dynarray<value>(size 3, capacity 3): 3, 2, 1
--- dynarray.from({ 2, 0 / 0, 1 }, "float64"):sort()[2]                --> 2.0
--- dynarray.of(1, "x"):sort()                                         --> error: attempt to compare string with number
--- ```
---@param less? fun(x:any,y:any):boolean
---@return dynarray a
function a:sort(less) end

--- The same as `sort`, which is stable; says that the order of equal elements matters.
---
--- **Cost**: as `sort`.
---
--- **Errors**: as `sort`.
---
--- ```lua
--- local a = dynarray.of("bb", "a", "cc", "d")
--- a:sort_stable(function(x, y) return #x < #y end)
--- --> dynarray<value>(size 4, capacity 4): "a", "d", "bb", "cc"
--- ```
---@param less? fun(x:any,y:any):boolean
---@return dynarray a
function a:sort_stable(less) end

--- Whether no element is less than the one before it; true for an empty array.
---
--- **Cost**: O(n), up to the first one that is.
---
--- **Errors**: *self*, `attempt to compare ...` as Lua's, what `less` raises.
---
--- ```lua
--- dynarray.of(1, 2, 2):is_sorted()                                       --> true
--- dynarray.of(1, 2):is_sorted(function(x, y) return x > y end)           --> false
--- ```
---@param less? fun(x:any,y:any):boolean
---@return boolean
function a:is_sorted(less) end

--- The element that would be at `k` if the array were sorted; the array stays as it is.
---
--- **Cost**: O(n) without memory in numeric arrays; a sort of a copy in value arrays.
---
--- **Errors**: *self*, *index*, `attempt to compare ...` as Lua's, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 40, 10, 30, 20 }, "int32")
--- a:nth(2)    --> 20
--- a:nth(5)    --> error: index 5 out of bounds (size 4)
--- ```
---@param k integer 1 to `#a`
---@return any
function a:nth(k) end

--- The value below which `p` percent of the elements lie, linear between the nearest two; nil of an empty array.
--- NaN counts as the largest number, as it does where it is sorted.
---
--- **Cost**: O(n), twice `nth`; in value arrays one sort of a copy.
---
--- **Errors**: *self*, `percentile out of range (0 to 100)`; in value arrays those of `nth`, `percentile of numbers
--- expected, got a string value`.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3, 4 }, "float64")
--- a:percentile(50)     --> 2.5
--- a:percentile(101)    --> error: bad argument #1 to 'percentile' (percentile out of range (0 to 100))
--- ```
---@param p number 0 to 100
---@return number?
function a:percentile(p) end

--- The last element becomes the first.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *write*.
---
--- ```lua
--- dynarray.of(1, 2, 3):reverse()    --> dynarray<value>(size 3, capacity 3): 3, 2, 1
--- ```
---@return dynarray a
function a:reverse() end

--- Moves all elements `k` places towards the end; the last `k` become the first.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *write*.
---
--- ```lua
--- local a = dynarray.of(1, 2, 3, 4)
--- a:rotate(1)     --> dynarray<value>(size 4, capacity 4): 4, 1, 2, 3
--- a:rotate(-1)    --> dynarray<value>(size 4, capacity 4): 1, 2, 3, 4
--- ```
---@param k integer Any; negative: towards the beginning
---@return dynarray a
function a:rotate(k) end

--- Reduce.
-- @section reduce

--- The sum: an integer of integers, which wraps around as Lua's do, a float of floats.
--- Floats are added pairwise, in float64, so that 1e8 of them keep their accuracy. Value arrays are added up by Lua's
--- `+`, from integer 0 on.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*; in value arrays Lua's own, as `attempt to perform arithmetic on a nil value`.
---
--- ```lua
--- dynarray.from({ 1, 2, 3 }, "int8"):sum()       --> 6
--- dynarray.from({ 1, 2, 3 }, "float32"):sum()    --> 6.0
--- dynarray.new():sum()                           --> 0
--- ```
---@return any
function a:sum() end

--- The mean, computed in float64, in which nothing wraps around; nil of an empty array.
--- Value arrays are added up by Lua's `+`, from 0.0 on, and divided by their size.
---
--- **Cost**: O(n).
---
--- **Errors**: as `sum`.
---
--- ```lua
--- dynarray.from({ 1, 2, 4, 5 }, "uint8"):mean()    --> 3.0
--- dynarray.new():mean()                            --> nil
--- ```
---@return any
function a:mean() end

--- The least element and its index, the first of several; nil and nil of an empty array. If there is a NaN, that is it.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*; in value arrays `attempt to compare ...` as Lua's.
---
--- ```lua
--- dynarray.of(3, 1, 2, 1):min()    --> 1 2
--- ```
---@return any value
---@return integer? i
function a:min() end

--- The greatest element and its index, as `min`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `min`.
---
--- ```lua
--- dynarray.of(3, 1, 3):max()    --> 3 1
--- ```
---@return any value
---@return integer? i
function a:max() end

--- The sum of the products of elements at the same index; accuracy and wrapping as in `sum`.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *numeric*, `dynarray expected, got number`, *operands*.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3 }, "float64")
--- a:dot(a)    --> 14.0
--- ```
---@param other dynarray Of the same type and size
---@return number
function a:dot(other) end

--- Compute.
-- @section compute

--- Adds a number, or the elements of an array of the same type and size, in place.
--- The operators make a new array instead.
---
--- **Cost**: O(n); if `x` overlaps the array, `x` is copied.
---
--- **Errors**: *self*, *numeric*, *write*, *operands*, *memory* (an operand that overlaps is
--- copied), `200 + 100 does not fit into uint8 (0 to 255) at index 2`;
--- nothing is changed then. Floats that are too large become infinities.
---
--- ```lua
--- local a = dynarray.from({ 1, 200 }, "uint8")
--- a:add(10)     --> dynarray<uint8>(size 2, capacity 2): 11, 210
--- a:add(a)      --> error: 210 + 210 does not fit into uint8 (0 to 255) at index 2
--- a:add(300)    --> error: 300 does not fit into uint8 (0 to 255) as operand
--- a[1]          --> 11
--- ```
---@param x number|dynarray
---@return dynarray a
function a:add(x) end

--- Subtracts, as `add`.
---
--- **Cost**: as `add`.
---
--- **Errors**: as `add`.
---
--- ```lua
--- dynarray.from({ 5, 7 }, "int32"):sub(2)    --> dynarray<int32>(size 2, capacity 2): 3, 5
--- ```
---@param x number|dynarray
---@return dynarray a
function a:sub(x) end

--- Multiplies, as `add`.
---
--- **Cost**: as `add`.
---
--- **Errors**: as `add`.
---
--- ```lua
--- dynarray.from({ 5, 7 }, "float64"):mul(0.5)    --> dynarray<float64>(size 2, capacity 2): 2.5, 3.5
--- ```
---@param x number|dynarray
---@return dynarray a
function a:mul(x) end

--- Divides, as `add`; integers must divide without a remainder.
---
--- **Cost**: as `add`.
---
--- **Errors**: as `add`.
---
--- ```lua
--- dynarray.from({ 6, 8 }, "int8"):div(2)    --> dynarray<int8>(size 2, capacity 2): 3, 4
--- dynarray.from({ 6, 7 }, "int8"):div(2)    --> error: 7 / 2 does not fit into int8 (-128 to 127) at index 2
--- ```
---@param x number|dynarray
---@return dynarray a
function a:div(x) end

--- Takes the absolute value of each element.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*; the least integer of a type has none that fits.
---
--- ```lua
--- dynarray.from({ -1, 2 }, "int8"):abs()     --> dynarray<int8>(size 2, capacity 2): 1, 2
--- dynarray.from({ -128 }, "int8"):abs()      --> error: abs(-128) does not fit into int8 (-128 to 127) at index 1
--- ```
---@return dynarray a
function a:abs() end

--- Takes the square root of each element; integers must be squares.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*, `sqrt(2) does not fit into int8 (-128 to 127) at index 1`.
---
--- ```lua
--- dynarray.from({ 4, 2.25 }, "float64"):sqrt()    --> dynarray<float64>(size 2, capacity 2): 2.0, 1.5
--- ```
---@return dynarray a
function a:sqrt() end

--- Elements below `lo` become `lo`, those above `hi` become `hi`; NaN stays.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*, `300 does not fit into uint8 (0 to 255) as operand`, `lower bound 5 is not
--- at most the upper bound 1`.
---
--- ```lua
--- dynarray.from({ 1, 5, 9 }, "uint8"):clamp(2, 6)    --> dynarray<uint8>(size 3, capacity 3): 2, 5, 6
--- dynarray.new("uint8"):clamp(5, 1)                  --> error: lower bound 5 is not at most the upper bound 1
--- ```
---@param lo number
---@param hi number >= lo
---@return dynarray a
function a:clamp(lo, hi) end

--- Each element becomes the sum of all up to it. Floats are added one after another, in float64: unlike those of `sum`,
--- their rounding errors grow with n.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*; a sum that does not fit into an integer type, nothing changed.
---
--- ```lua
--- dynarray.from({ 1, 2, 3 }, "int32"):cumsum()    --> dynarray<int32>(size 3, capacity 3): 1, 3, 6
--- ```
---@return dynarray a
function a:cumsum() end

--- With functions.
-- Functions get an element and its index, and may do anything but yield, to the array as well: they are called for the
-- elements that were there at the beginning, as long as they are. (`tonumber` takes its second argument for a base:
-- `a:map(function(s) return tonumber(s) end)`.)
-- @section functions

--- A new array of what `f` returns for each element; its bounds are those of this one.
---
--- **Cost**: O(n) and n calls.
---
--- **Errors**: *self*, *element* (of the new array), what `f` raises, *memory*.
---
--- ```lua
--- dynarray.of(1, 2, 3):map(function(value, i) return value * i end)
--- --> dynarray<value>(size 3, capacity 3): 1, 4, 9
--- dynarray.of("a", "bb"):map(string.len, "uint8")                      --> dynarray<uint8>(size 2, capacity 2): 1, 2
--- ```
---@param f fun(value:any,i:integer):any
---@param type? dynarray.type Of the new array; by default that of this one
---@return dynarray
function a:map(f, type) end

--- A new array, of the same type and bounds, of the elements for which `f` returns neither false nor nil.
---
--- **Cost**: O(n) and n calls.
---
--- **Errors**: *self*, what `f` raises, *memory*.
---
--- ```lua
--- dynarray.of(1, 2, 3, 4):filter(function(value) return value % 2 == 0 end)
--- --> dynarray<value>(size 2, capacity 16): 2, 4
--- ```
---@param f fun(value:any,i:integer):any
---@return dynarray
function a:filter(f) end

--- Folds the elements into one value: `init = f(init, a[i], i)` from the first to the last. Without `init`, the first
--- element is it.
---
--- **Cost**: O(n) and n calls.
---
--- **Errors**: *self*, `reduce of an empty array needs an initial value`, what `f` raises.
---
--- ```lua
--- dynarray.of(1, 2, 3):reduce(function(product, value) return product * value end)    --> 6
--- dynarray.of("a", "b"):reduce(function(s, value) return s .. value end, ">")         --> >ab
--- dynarray.new():reduce(math.max)
--- --> error: reduce of an empty array needs an initial value
--- ```
---@param f fun(result:any,value:any,i:integer):any
---@param init? any
---@return any
function a:reduce(f, init) end

--- Calls `f` for each element.
---
--- **Cost**: n calls.
---
--- **Errors**: *self*, what `f` raises.
---
--- ```lua
--- dynarray.of("x", "y"):each(function(value, i) print(i, value) end)
--- --> 1 x
--- --> 2 y
--- ```
---@param f fun(value:any,i:integer)
---@return dynarray a
function a:each(f) end

--- A function that returns the next element and its index at each call, nil at the end.
--- A nil element ends a `for` loop; `pairs` does not stop there. The iterator serves as a source.
---
--- **Cost**: O(1) a call.
---
--- **Errors**: *self*, *memory*.
---
--- ```lua
--- for value, i in dynarray.of(10, 20):iter() do print(i, value) end
--- --> 1 10
--- --> 2 20
--- ```
---@return fun():any,integer?
function a:iter() end

--- A table of elements `i` to `j`; what JSON encoders and the like take.
---
--- **Cost**: O(j - i), copied.
---
--- **Errors**: *self*, *range*, *memory*.
---
--- ```lua
--- table.concat(dynarray.of(1, 2, 3):totable(2), ",")    --> 2,3
--- ```
---@param i? integer 1 to `#a + 1`; 1 by default
---@param j? integer 0 to `#a`; `#a` by default
---@return table
function a:totable(i, j) end

--- Elements `i` to `j` as results.
---
--- **Cost**: O(j - i).
---
--- **Errors**: *self*, *range*, `too many results to unpack (2000000)`.
---
--- ```lua
--- dynarray.of(1, 2, 3):unpack()        --> 1 2 3
--- dynarray.of(1, 2, 3):unpack(2, 2)    --> 2
--- ```
---@param i? integer 1 to `#a + 1`; 1 by default
---@param j? integer 0 to `#a`; `#a` by default
---@return any ...
function a:unpack(i, j) end

--- `ipairs` for arrays and all that the stock one takes, faster on arrays.
--- It ends at the end, in strict arrays too, and at the first nil element; `pairs` gives nil elements as well.
---
--- **Cost**: O(1) a step.
---
--- **Errors**: `bad argument #1 to 'ipairs' (value expected)`.
---
--- ```lua
--- local ipairs = dynarray.ipairs
--- for i, value in ipairs(dynarray.of("x", "y")) do print(i, value) end
--- --> 1 x
--- --> 2 y
--- ```
---@param t any
---@return fun(t:any,i:integer):integer?,any
---@return any t
---@return integer
function dynarray.ipairs(t) end

--- Bytes and files.
-- What can fail at run time, unlike misuse, returns nil, a message and the system's error number; nil for the number
-- where what the file holds is the reason.
-- @section files

--- The bytes of all elements, in this machine's order.
---
--- **Cost**: O(n), copied.
---
--- **Errors**: *self*, `elements of type value have no bytes, wanted an array of numbers`, `array is closed`, *memory*.
---
--- ```lua
--- dynarray.from({ 72, 105 }, "uint8"):tobytes()    --> Hi
--- dynarray.of(1):tobytes()
--- --> error: elements of type value have no bytes, wanted an array of numbers
--- ```
---@return string
function a:tobytes() end

--- A new array of the elements in a string, as `tobytes` makes it.
---
--- **Cost**: O(#s), copied.
---
--- **Errors**: `3 bytes are no whole number of int16 elements of 2 bytes`, `type expected int8, ... or float64, got
--- "value"`, *memory*.
---
--- ```lua
--- dynarray.frombytes("Hi", "uint8")      --> dynarray<uint8>(size 2, capacity 2): 72, 105
--- dynarray.frombytes("abc", "int16")
--- --> error: bad argument #1 to 'frombytes' (3 bytes are no whole number of int16 elements of 2 bytes)
--- ```
---@param s string
---@param type dynarray.type Any but `"value"`
---@return dynarray
function dynarray.frombytes(s, type) end

--- Writes the elements to a file in NumPy's `.npy` format, atomically: a crash or a full disk leaves the old file or
--- the new.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, `elements of type value have no bytes, wanted an array of numbers`, `array is closed`, `path
--- with a zero byte`. Returned: what the system says.
---
--- ```lua
--- local path = os.tmpname()
--- dynarray.from({ 1, 2 }, "int32"):save(path)        --> dynarray<int32>(size 2, capacity 2): 1, 2
--- dynarray.load(path)                                --> dynarray<int32>(size 2, capacity 2): 1, 2
--- os.remove(path)
--- dynarray.new("int8"):save("no/such/file")          --> nil no/such/file: No such file or directory 2
--- ```
---@param path string
---@return dynarray? a
---@return string? message
---@return integer? code
function a:save(path) end

--- Waits until what was written to a mapped file (`dynarray.map(path, "rw")`) is on the disk.
--- Other processes see what is written at once, and the system brings it to the disk in its own time: this is for when
--- it must outlast a loss of power.
---
--- **Cost**: O(n), as slow as the disk.
---
--- **Errors**: *self*, `array is closed`, `array is not mapped`. Returned: what the system says.
---
--- ```lua
--- local path = os.tmpname()
--- dynarray.from({ 1, 2 }, "int32"):save(path)
--- local a <close> = dynarray.map(path, "rw")
--- a[2] = 9
--- #a:flush()                       --> 2
--- dynarray.load(path)[2]           --> 9
--- dynarray.new():flush()           --> error: array is not mapped
--- os.remove(path)
--- ```
---@return dynarray? self
---@return string? message
---@return integer? code
function a:flush() end

--- A new array of the elements in a `.npy` file.
--- Versions 1.0 to 3.0, either byte order, one dimension. The header is checked against the file's length first.
---
--- **Cost**: O(n).
---
--- **Errors**: `path with a zero byte`, *memory*. Returned: what the system says, or what is wrong with the file.
---
--- ```lua
--- dynarray.load("no/such/file")    --> nil no/such/file: No such file or directory 2
--- ```
---@param path string
---@return dynarray? a
---@return string? message
---@return integer? code
function dynarray.load(path) end

--- A `.npy` file as an array of fixed size: elements are read when they are touched.
--- Mode `"r"`: read-only. Mode `"rw"`: what is written to the array is written to the file, at the latest when the
--- array is closed or collected, and lasts from `flush` on. The bytes are the file's and not counted in
--- `dynarray.memory`. If the file is made shorter meanwhile, touching what is gone ends the process (SIGBUS).
--- `save` makes a new file: saved under the path that it is mapped from, the array goes on as the old one.
---
--- **Cost**: O(1), whatever the size.
---
--- **Errors**: `path with a zero byte`, `mode expected r or rw, got "w"`, *memory*. Returned: as `load`.
---
--- ```lua
--- local path = os.tmpname()
--- dynarray.from({ 1, 2 }, "int32"):save(path)
--- local a <close> = dynarray.map(path)
--- a[2], a.block    --> 2 lent
--- a[2] = 9         --> error: array is read-only
--- os.remove(path)
--- ```
---@param path string
---@param mode? "r"|"rw" `"r"` by default
---@return dynarray? a
---@return string? message
---@return integer? code
function dynarray.map(path, mode) end

--- Memory.
-- @section memory

--- What the arrays of this Lua state hold.
---
--- **Cost**: O(1), a new table.
---
--- **Errors**: none.
---
--- ```lua
--- collectgarbage()
--- local before = dynarray.memory()
--- local a = dynarray.new{ type = "uint8", capacity = 1000 }
--- local now = dynarray.memory()
--- now.bytes - before.bytes, now.arrays - before.arrays    --> 1000 1
--- now.peak >= now.bytes, now.growths - before.growths     --> true 0
--- now.limit                                               --> nil
--- ```
---@return dynarray.usage
function dynarray.memory() end

--- Bounds the bytes that the arrays of this Lua state may hold, inline blocks aside, and returns the limit before the
--- call. Past it, growing is an error after a full garbage collection did not help; below, a policy's capacity is cut
--- to what is left. Without an argument it only returns the limit. What is bounded is `dynarray.memory().bytes`:
--- while a growth copies, the old block and the new one are there together, and `dynarray.memory().peak`, which
--- counts both, may be above the limit.
---
--- **Cost**: O(1).
---
--- **Errors**: `limit 0 out of range (1 to 9223372036854775807)`, `limit expected an integer, got string`.
---
--- ```lua
--- dynarray.limit(64 * 2^20)     --> false
--- dynarray.limit(false)         --> 67108864
--- dynarray.limit("x")           --> error: bad argument #1 to 'limit' (limit expected an integer, got string)
--- ```
---@param bytes? integer|false false: no limit
---@return integer|false
function dynarray.limit(bytes) end

--- Sets how the bytes held in arrays pace the garbage collector, and returns the settings before the call.
--- A full cycle is run when the bytes held have grown, since the last one, by as much as was live after it (or as the
--- Lua heap holds, or 24 MiB, whichever is largest), times (pause - 100)%. A stopped collector stays stopped.
---
--- Freed blocks up to `keep` bytes stay for the next one: the last of those of 64 KiB at most, for one of the same
--- size, so that results that are closed at once need no new block; and, where `keep` is 2 MiB or more, so much of
--- the last large one, whose pages then need not be made anew: a program that again and again makes arrays of some
--- MiB and closes them runs up to twice as fast. `dynarray.memory().kept` tells how many bytes there are. They go
--- where `dynarray.limit` is set or would be passed, where `keep` becomes less than they are, and before an array gets
--- no memory; the system takes those of the large one where it lacks memory.
---
--- **Cost**: O(1).
---
--- **Errors**: `unknown option 'x' (known: keep, off, pause)`, `pause 50 out of range (110 to 1000)`, `off expected a
--- boolean, got number`, `keep expected an integer >= 0, got -1`.
---
--- ```lua
--- local before = dynarray.collector{ pause = 300 }
--- before.pause, before.off, before.keep                --> 200 false 65536
--- dynarray.collector(before).pause                     --> 300
--- dynarray.collector{ pause = 50 }
--- --> error: bad argument #1 to 'collector' (pause 50 out of range (110 to 1000))
--- ```
---@param settings? dynarray.pacing
---@return dynarray.pacing
function dynarray.collector(settings) end

--- Instruments.
-- They measure what a loop in Lua would hide; `dynarray.lab` is built on them. Where the module was compiled without a
-- clock or without files, they raise an error, or tell less.
-- @section instruments

--- The monotonic clock, in nanoseconds since some moment in the past.
---
--- **Cost**: O(1); 20 ns where the system reads it without a system call.
---
--- **Errors**: `this system has no monotonic clock`.
---
--- ```lua
--- local before = dynarray.probe.clock()
--- dynarray.probe.clock() >= before                  --> true
--- ```
---@return integer
function probe.clock() end

--- What the process holds.
---
--- **Cost**: some system calls, and a walk over the page tables: 20 us and more.
---
--- **Errors**: *memory*; what cannot be read is nil.
---
--- ```lua
--- local before = dynarray.probe.memory()
--- local a = dynarray.filled(1e6, 1, "float64")
--- dynarray.probe.memory().resident - before.resident > 7e6     --> true
--- ```
---@return dynarray.process
function probe.memory() end

--- Sets `peak` of `memory` to what is resident now; returns whether the system can do that (Linux can).
---
--- **Cost**: a system call.
---
--- **Errors**: none.
---
--- ```lua
--- local a = dynarray.filled(1e6, 1, "float64")
--- a:close()
--- if dynarray.probe.reset_peak() then local peak = dynarray.probe.memory().peak end
--- ```
---@return boolean
function probe.reset_peak() end

--- Appends the numbers 1 to `n`, one by one, and returns how long that took, in nanoseconds.
--- Each goes the way that an append in a C program goes: a look at size and capacity, a store, a new size. A full array
--- grows as it does in a script: by its policy, within its limits, seen by its observer. Number `i` is appended as
--- `i % (m + 1)`, where `m` is the largest integer of the type: what does not fit starts again from 0. `times[i]` gets
--- the nanoseconds from the end of append `i - 1` to that of append `i`, one reading of the clock included; a
--- `"uint32"` array holds up to 4.29 seconds.
---
--- **Cost**: O(n) amortised; allocates when it grows.
---
--- **Errors**: *self*, *write*, `this system has no monotonic clock`, `n -1 out of range (0 to 281474976710656)`,
--- `times expected an array that can be written to and is no view`, `uint32 or int64 array expected, got a value
--- array`, `times expected another array than the one that grows`, `times has size 1, needed 2`; *growth*, with the
--- number of the append that failed. Then the array is as it was, unless a callback changed it; `times` is not.
---
--- ```lua
--- local a = dynarray.new{ type = "float64", capacity = 1, max_size = 1000 }
--- local times = dynarray.new("uint32"):resize(1000)
--- local ns = dynarray.probe.appends(a, 1000, times)
--- times:sum() <= ns, #a, a[1000], a:stats().growths     --> true 1000 1000.0 10
--- dynarray.probe.appends(a, 5)                          --> error: append 1 of 5: size 1001 exceeds max_size 1000
--- ```
---@param a dynarray
---@param n integer
---@param times? dynarray of type `"uint32"` or `"int64"` and of size n or more
---@return integer ns
function probe.appends(a, n, times) end

--- Reads `steps` elements of an `"int64"` array, each at the index that the one before it held, from 1 on.
--- No read can begin before the one before it is done, so that the time is that of the memory, cache or not. Returns
--- the nanoseconds, and the index at the end. The indices are checked once, before.
---
--- **Cost**: O(n + steps).
---
--- **Errors**: *self*, `this system has no monotonic clock`, `int64 array expected, got a value array`, `array is
--- empty`, `element 1 is 3, out of bounds (size 2)`, `steps -1 out of range (0 to 9223372036854775807)`.
---
--- ```lua
--- local ns, place = dynarray.probe.chase(dynarray.from({ 2, 3, 1 }, "int64"), 4)
--- place                            --> 2
--- ```
---@param a dynarray
---@param steps integer
---@return integer ns
---@return integer place
function probe.chase(a, steps) end

--- Measures what the instruments cost: the median of 31 rounds, in nanoseconds.
---
--- **Cost**: some milliseconds; allocates 16 KiB.
---
--- **Errors**: *memory*, `this system has no monotonic clock`.
---
--- ```lua
--- local cost = dynarray.probe.overhead()
--- cost.clock > 0 and cost.memory > cost.append     --> true
--- ```
---@return dynarray.overhead
function probe.overhead() end

--- Operators and metamethods.
-- The metatable is protected; `getmetatable(a)` is `"dynarray"`.
-- @section operators

--- `a[i]`: the element at `i`; `a.name`: a method or field, nil if there is none of that name.
---
--- **Cost**: O(1).
---
--- **Errors**: *index* (strict bounds).
---
--- ```lua
--- local a = dynarray.of(10, 20)
--- a[2], a.size    --> 20 2
--- a[0]            --> error: index 0 out of bounds (size 2)
--- a[1.5]          --> error: index 1.5 is not an integer
--- ```
---@param a dynarray
---@param key any
---@return any
function metamethods.__index(a, key) end

--- `a[i] = value`: writes element `i`.
---
--- **Cost**: O(1).
---
--- **Errors**: *index*, *element*, *write*; *growth* and *size*, where a sequence appends or pops; those of fields.
---
--- ```lua
--- local a = dynarray.from({ 1, 2 }, "uint8")
--- a[1] = 255
--- a[1]          --> 255
--- a[3] = 1      --> error: index 3 out of bounds (size 2)
--- a[1] = "x"    --> error: string "x" is not a number, wanted uint8 at index 1
--- ```
---@param a dynarray
---@param key any
---@param value any
function metamethods.__newindex(a, key, value) end

--- `#a`: the size.
---
--- **Cost**: O(1).
---
--- **Errors**: none.
---
--- ```lua
--- #dynarray.of(1, nil, nil)    --> 3
--- ```
---@param a dynarray
---@return integer
function metamethods.__len(a) end

--- `pairs(a)`: indices and elements from 1 to `#a`, nil elements included.
---
--- **Cost**: O(1) a step.
---
--- **Errors**: none.
---
--- ```lua
--- for i, value in pairs(dynarray.of("x", nil, "y")) do print(i, value) end
--- --> 1 x
--- --> 2 nil
--- --> 3 y
--- ```
---@param a dynarray
---@return fun(a:dynarray,i:integer):integer?,any
---@return dynarray a
---@return integer
function metamethods.__pairs(a) end

--- `a == b`: whether both have the same type and, by `==`, the same elements.
---
--- **Cost**: O(n); O(1) if the sizes differ.
---
--- **Errors**: what an `__eq` of elements raises.
---
--- ```lua
--- dynarray.of(1, 2) == dynarray.of(1, 2.0)                   --> true
--- dynarray.of(1) == dynarray.from({ 1 }, "int8")             --> false
--- ```
---@param a dynarray
---@param b dynarray
---@return boolean
function metamethods.__eq(a, b) end

--- `a..b`: a new array of the type of `a` with the elements of both.
---
--- **Cost**: O(#a + #b), copied.
---
--- **Errors**: *element*, `attempt to concatenate a dynarray and a number value`, *memory*.
---
--- ```lua
--- dynarray.of(1) .. dynarray.of(2, 3)    --> dynarray<value>(size 3, capacity 3): 1, 2, 3
--- dynarray.of(1) .. 2                    --> error: attempt to concatenate a dynarray and a number value
--- ```
---@param a dynarray
---@param b dynarray
---@return dynarray
function metamethods.__concat(a, b) end

--- `a + b`: a new array of sums; one of the two may be a number.
---
--- **Cost**: O(n).
---
--- **Errors**: as `add`, `attempt to perform arithmetic on a dynarray and a string value`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 1, 2 }, "float64")
--- a + a      --> dynarray<float64>(size 2, capacity 2): 2.0, 4.0
--- 1 + a      --> dynarray<float64>(size 2, capacity 2): 2.0, 3.0
--- a + {}     --> error: attempt to perform arithmetic on a dynarray and a table value
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__add(a, b) end

--- `a - b`: a new array of differences, as `a + b`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`.
---
--- ```lua
--- 10 - dynarray.from({ 1, 2 }, "int8")    --> dynarray<int8>(size 2, capacity 2): 9, 8
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__sub(a, b) end

--- `a * b`: a new array of products, as `a + b`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`.
---
--- ```lua
--- dynarray.from({ 1, 2 }, "int8") * 3       --> dynarray<int8>(size 2, capacity 2): 3, 6
--- dynarray.from({ 1, 100 }, "int8") * 3     --> error: 100 * 3 does not fit into int8 (-128 to 127) at index 2
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__mul(a, b) end

--- `a / b`: a new array of quotients, as `a + b`; of integers it is of type float64, as Lua's `/`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`.
---
--- ```lua
--- dynarray.from({ 1, 2 }, "int8") / 2    --> dynarray<float64>(size 2, capacity 2): 0.5, 1.0
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__div(a, b) end

--- `tostring(a)`: type, size, capacity and the first eight elements; strings are quoted, and cut after 32 bytes.
---
--- **Cost**: O(1).
---
--- **Errors**: *memory*.
---
--- ```lua
--- tostring(dynarray.of("x", 1))                        --> dynarray<value>(size 2, capacity 2): "x", 1
--- tostring(dynarray.filled(9, 0, "int8")):sub(-8)      --> , 0, ...
--- ```
---@param a dynarray
---@return string
function metamethods.__tostring(a) end

--- `local a <close> = ...`: closes the array at the end of the scope, as `close`.
---
--- **Cost**: O(1).
---
--- **Errors**: as `close`.
---
--- ```lua
--- local kept
--- do
---   local a <close> = dynarray.of(1)
---   kept = a
--- end
--- kept    --> dynarray<value>(closed)
--- ```
---@param a dynarray
function metamethods.__close(a) end

--- Run by the garbage collector: frees the block.
---
--- **Cost**: O(1).
---
--- **Errors**: none.
---
--- ```lua
--- collectgarbage()
--- local before = dynarray.memory().arrays
--- dynarray.new()
--- collectgarbage()
--- dynarray.memory().arrays - before    --> 0
--- ```
---@param a dynarray
function metamethods.__gc(a) end

return dynarray
