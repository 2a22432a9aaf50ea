--- A dynamic array whose growth can be chosen, watched and measured.
--- Indices count from 1. A method that changes an array returns the array, so that calls can be chained, unless it has
--- something else to return.
---
--- Each function has its cost, its errors and an example. In an example, `-->` precedes what a line returns or
--- prints, or the error that it raises; all examples run in the tests. In a cost, `n` is `#a`.
---
--- **Errors** name the line of the caller, if that is a line of Lua; errors of the elements' own operators are Lua's.
--- An operation that fails leaves size, capacity and elements as they were. Errors that many functions share have a
--- name here, by which the functions refer to them:
---
--- - *self*: `bad argument #1 to 'append' (dynarray expected, got nil)`; every method.
--- - *index*: `index 6 out of bounds (size 5)`, `index 1.5 is not an integer`.
--- - *range*: `index 0 out of range (1 to 6)` for an `i` that is not 1 to `n + 1`, `index 6 out of range (0 to 5)` for
---   a `j` that is not 0 to `n`.
--- - *element*: `300 does not fit into uint8 (0 to 255) at index 3`, `1.5 has no integer representation, wanted int8 at
---   index 1`, `string "10" is not a number, wanted float64 at index 2`. The index is the place that the element was
---   meant for.
--- - *write*: `array is read-only`: a frozen view, or a file mapped for reading.
--- - *size*: `array is closed`, `a view cannot grow or shrink`, `array cannot grow or shrink` (a mapped file, or a
---   host's memory), `array is pinned` (by a C host).
--- - *growth*: the *size* errors, `size 11 exceeds max_size 10`, `not enough memory`, `not enough memory: 80 bytes
---   wanted, limit 64, held 0`, what a growth policy or an observer raises, and `array was changed by a
---   callback`, if one of these changed it.
--- - *memory*: `not enough memory`, alone or with the limit of `dynarray.limit`; every function that makes an array.
--- - *numeric*: `numeric array expected, got a value array: astype makes one`.
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
---@field growth table<string,dynarray.policy> The named policies as functions, `"increment:N"` for any N too; O(1)
---@field probe dynarray.probe Instruments that measure arrays and this process
---@field types dynarray.type[] The names of all element types
---@field version string The version, as `"0.1.0"`
local dynarray = {}

--- An element type.
--- `value`, the default, holds any Lua value, nil too. It takes 8 bytes, and for an object (a string, a table, a
--- function and so on) also an entry of a table. The other types hold numbers of that many bits. An integer type
--- takes a float that has an integer value, as Lua does. A finite number that is too large for `float32` does not fit
--- into it. A `uint64` above `2^63 - 1` is no Lua integer, so reading one gives the nearest float. To write that
--- float back may store another number, or be an error.
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

--- The name of a growth policy. `"increment:N"` is one too, for every integer N >= 1. `ipairs(dynarray.growth)` runs
--- over the other names, in the order of this table.
---
--- | name | new capacity, where the old one is c and n elements are needed | as in |
--- | --- | --- | --- |
--- | `double` | 2c | libstdc++'s vector |
--- | `1.5` | c + c/2, at least 10 | Java's ArrayList, MSVC's vector |
--- | `golden` | 1.618c, rounded up | |
--- | `cpython` | n + n/8 + 6, rounded to a multiple of 4 | CPython's list |
--- | `python-array` | n + n/16 + 3, or + 7 where c is 8 or more | CPython's array |
--- | `rust` | 2c, at least 8, 4 or 1, depending on the element size | Rust's Vec |
--- | `go` | 2c below 256, then closer and closer to 1.25c, rounded up to a size class | Go's append |
--- | `folly` | 2c below 4 KiB, 1.5c up to 128 KiB, then 2c; at least 64 bytes | folly's fbvector |
--- | `lua` | the next power of two | Lua's tables |
--- | `v8` | c + c/2 + 16 | V8's arrays |
--- | `exact` | n | |
--- | `increment:N` | c + N, as often as needed | |
---
--- ```lua
--- dynarray.growth.go(512, 513, 8)               --> 848
--- dynarray.growth["increment:100"](16, 17)      --> 116
--- for i, name in ipairs(dynarray.growth) do if i == 4 then print(name) end end
--- --> cpython
--- dynarray.growth.lua("x", 1)
--- --> error: bad argument #1 to 'lua' (capacity expected an integer, got string)
--- dynarray.new{ growth = "triple" }
--- --> error: growth "triple" is not a policy (expected a factor > 1, a function, or one of double, 1.5, ...
--- ```
---@alias dynarray.policy_name "double"|"1.5"|"golden"|"cpython"|"python-array"|"rust"|"go"|"folly"|"lua"|"v8"|"exact"

--- A growth policy as a function.
--- The array calls it when `capacity` is less than `needed`. It returns the new capacity in elements: an integer, at
--- least `needed`, and at most `max_size` if there is one. The functions in `dynarray.growth` use 8 for
--- `element_size` where you give none.
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

--- Where elements come from: a sequence (a table), an array, or a function that is called without arguments until it
--- returns nil (such as `io.lines` returns; not what `pairs` returns). If a table has metamethods, these are used.
---@alias dynarray.source table|dynarray|function

--- The options of `new`, `from` and `filled`.
--- `initial_size` and `initial_fill` are other names for `capacity` and `fill`.
---
--- **Errors**: `unknown option 'x' (known: ...)`, `capacity expected an integer >= 0, got -1` and the like,
--- `options 'capacity' and 'initial_size' are the same option, give only one`, `capacity 16 exceeds max_size 10`,
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
---@field fill? any What `resize` writes to new elements; 0 by default
---@field initial_fill? any The same as `fill`
---@field growth? dynarray.growth 2 by default
---@field bounds? "strict"|"sequence" What happens outside 1 to `#a`, see `dynarray`; `"strict"` by default
---@field max_size? integer The most elements, >= 1; none by default
---@field on_grow? fun(event:dynarray.event) Called after each growth; if it raises an error, the growth is undone
---@field debug? boolean Whether a line is printed before each growth; false by default
---@field block? "auto"|"copy"|"stable" `"copy"`: each growth copies; `"stable"`: it never moves; `"auto"` by default

--- The options of `open`: those of `new` without `block`, and `mode`.
---
--- **Errors**: those of `dynarray.options`, `mode expected a, r or w, got "rw"`, `fill needs a type`.
---
--- ```lua
--- local path = os.tmpname()
--- local log <close> = dynarray.open(path, { type = "int32", mode = "w", capacity = 100, growth = 1.5 })
--- log:append(7).capacity      --> 100
--- dynarray.open(path, { mode = "r" })[1]      --> 7
--- os.remove(path)
--- ```
---@class dynarray.file_options
---@field mode? "a"|"r"|"w" `"a"` (the default): read, write and grow; `"r"`: read; `"w"`: make a new file
---@field type? dynarray.type The element type, a numeric one; a new file needs it
---@field capacity? integer Elements that fit before the first growth, >= 0; 16 by default
---@field initial_size? integer The same as `capacity`
---@field fill? any What `resize` writes to new elements; 0 by default
---@field initial_fill? any The same as `fill`
---@field growth? dynarray.growth 2 by default
---@field bounds? "strict"|"sequence" What happens outside 1 to `#a`, see `dynarray`; `"strict"` by default
---@field max_size? integer The most elements, >= 1; none by default
---@field on_grow? fun(event:dynarray.event) Called after each growth; if it raises an error, the growth is undone
---@field debug? boolean Whether a line is printed before each growth; false by default

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
---@field bytes_copied integer Bytes of elements that were copied; 0 unless `how` is `"copied"`
---@field how "copied"|"moved"|"in place"|"extended" `"moved"`: pages moved; `"extended"`: a file grew

--- What `stats` returns: growths since the array was made.
---@class dynarray.stats
---@field growths integer How often the capacity grew
---@field elements_copied integer How many elements all growths copied
---@field bytes_copied integer The same in bytes
---@field moves integer How many growths moved the block without copying
---@field in_place integer How many growths left the block where it was
---@field peak_bytes integer The most bytes held at one moment: both blocks while a growth copies
---@field growth_ns integer Nanoseconds spent in growths to 64 KiB and more

--- What `dynarray.memory` returns: of all arrays of this Lua state.
---@class dynarray.usage
---@field bytes integer Bytes that arrays hold now
---@field peak integer The most bytes that they held at one moment
---@field kept integer Bytes of freed blocks that are kept for the next arrays: see `dynarray.collector`
---@field arrays integer How many arrays are neither closed nor collected
---@field growths integer How often arrays have grown so far
---@field limit? integer The limit in bytes, if there is one

--- The settings of `dynarray.collector`.
---@class dynarray.pacing
---@field pause? integer When the next collection starts, in percent of its base: 110 to 1000; 200 by default
---@field off? boolean true: arrays start no collections; false by default
---@field keep? integer How many bytes of freed blocks are kept; 16 MiB by default, 0 if the state has an allocator of
--- its own

--- The instruments; each has an entry below.
---@class dynarray.probe
---@field build dynarray.build How the module was compiled
---@field clock function
---@field memory function
---@field reset_peak function
---@field appends function
---@field chase function
---@field stack function
---@field overhead function
local probe = {}

--- How the module was compiled. Do not trust what was measured without optimisation.
---@class dynarray.build
---@field compiler string The compiler and its version
---@field optimized boolean Whether the compiler optimised
---@field sanitized boolean Whether address checks are compiled in

--- What `dynarray.probe.memory` returns about the process. A figure that the system does not tell is nil.
---@class dynarray.process
---@field resident? integer Bytes of memory in use now, exactly (Linux also has a quick figure, some hundred pages off)
---@field peak? integer The most bytes in use since the process began, or since `reset_peak`
---@field mapped? integer Bytes of address space in use, whether they were ever touched or not
---@field minor_faults? integer How often a page was touched for the first time since the process began
---@field major_faults? integer How often a page had to be read from a disk

--- What `dynarray.probe.overhead` returns, in nanoseconds.
---@class dynarray.overhead
---@field clock number One reading of the clock; each time of `appends` contains one
---@field memory number One call of `memory`
---@field append number One append by `appends`, where the block has room and is in the cache

--- An array.
--- `a[i]` reads element `i`, `a[i] = v` writes it. Operators and metamethods have a section of their own.
---
--- With `bounds = "strict"`, an index outside 1 to `#a` is an *index* error. With `bounds = "sequence"`, the array
--- behaves as a table without holes: to read outside gives nil, to write at `#a + 1` appends, to write nil at `#a`
--- removes the last element, and to write nil elsewhere outside does nothing. Other writes outside are *index*
--- errors. So every function of `table` works on a sequence.
---
--- The fields are read-only; each access is O(1). To read any other name gives nil.
---
--- **Errors**: `field 'size' is read-only`, `no field 'foo' in a dynarray`, `a table cannot be an index: take, put,
--- where and set_where choose elements` (strict bounds, or a write).
---
--- ```lua
--- local a = dynarray.from({ 10, 20, 30 }, "int16")
--- a.size, a.capacity, a.allocated_size        --> 3 3 3
--- a.type, a.element_size                      --> int16 2
--- a.growth, a.bounds, a.max_size, a.block     --> 2 strict nil inline
--- a.foo                                       --> nil
--- a.size = 1                                  --> error: field 'size' is read-only
--- a.foo = 1                                   --> error: no field 'foo' in a dynarray
--- a[{}] = 1     --> error: a table cannot be an index: take, put, where and set_where choose elements
--- ```
---@class dynarray
---@field [integer] any
---@field size integer Elements in use, as `#a`
---@field capacity integer Elements that fit before the array grows
---@field allocated_size integer The same as `capacity`
---@field type dynarray.type The element type
---@field element_size integer Bytes of an element: 1, 2, 4 or 8
---@field growth dynarray.growth The growth policy as you gave it; 2 by default
---@field bounds "strict"|"sequence" What happens outside 1 to `#a`
---@field max_size? integer The most elements; nil if there is no bound
---@field block "inline"|"heap"|"pages"|"copy"|"stable"|"lent"|"file"|"view"|"none" Where the elements are
---@operator len: integer
---@operator concat(dynarray): dynarray
---@operator add(dynarray|number): dynarray
---@operator sub(dynarray|number): dynarray
---@operator mul(dynarray|number): dynarray
---@operator div(dynarray|number): dynarray
---@operator mod(dynarray|number): dynarray
---@operator idiv(dynarray|number): dynarray
---@operator pow(dynarray|number): dynarray
---@operator unm: dynarray
---@operator band(dynarray|number): dynarray
---@operator bor(dynarray|number): dynarray
---@operator bxor(dynarray|number): dynarray
---@operator shl(dynarray|number): dynarray
---@operator shr(dynarray|number): dynarray
---@operator bnot: dynarray
local a = {}

-- What the operators call. Scripts do not call these by name.
local metamethods = {}

--- Make.
-- @section make

--- A new, empty array.
---
--- **Cost**: O(capacity) bytes of addresses. No element is written, so unused capacity takes no memory. A block of up
--- to 256 bytes is in the userdata itself.
---
--- **Errors**: those of the options; *memory*.
---
--- ```lua
--- dynarray.new()                                      --> dynarray<value>(size 0, capacity 16)
--- dynarray.new("float64")                             --> dynarray<float64>(size 0, capacity 16)
--- dynarray.new{ type = "uint8", capacity = 1000 }     --> dynarray<uint8>(size 0, capacity 1000)
--- dynarray.new("int128")
--- --> error: bad argument #1 to 'new' (type "int128" is not one of value, int8, int16, ...
--- dynarray.new(5)
--- --> error: bad argument #1 to 'new' (type or table of options expected, got number)
--- ```
---@param options? dynarray.type|dynarray.options
---@return dynarray
function dynarray.new(options) end

--- A new value array of the arguments; nil is an element, too.
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
--- Its type is the one that you give, else that of a source array, else `"value"`.
---
--- **Cost**: O(elements). From an array of the same numeric type, bytes are copied.
---
--- **Errors**: *source*, *element*, those of the options, *memory*, and what the source raises.
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
--- **Errors**: `size -1 out of range (0 to 9223372036854775807)`, *element*, those of the options, *memory*.
---
--- ```lua
--- dynarray.filled(3, 0.5, "float64")    --> dynarray<float64>(size 3, capacity 3): 0.5, 0.5, 0.5
--- dynarray.filled(2, "x")               --> dynarray<value>(size 2, capacity 2): "x", "x"
--- dynarray.filled(1.5, 1)
--- --> error: bad argument #1 to 'filled' (size 1.5 is not an integer)
--- ```
---@param n integer >= 0
---@param value any
---@param options? dynarray.type|dynarray.options
---@return dynarray
function dynarray.filled(n, value, options) end

--- A new array with the same type, elements, growth, bounds, fill, `max_size` and kind of block.
--- Its capacity is its size. `on_grow` and `debug` are not copied. A copy of a view is an array of its own.
---
--- **Cost**: O(n). Numbers are copied as bytes, values one by one.
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

--- A new array of elements `i` to `j`, with the same type and bounds; it is empty if `j < i`.
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

--- A new array of `n` random numbers: floats from 0 to below 1, or all integers of the type. The generator is
--- xoshiro256**. Its seed comes from `math.random`, or from you: the same seed gives the same numbers.
---
--- **Cost**: O(n).
---
--- **Errors**: `size -1 out of range (0 to ...)`, *memory*.
---
--- ```lua
--- local dice = dynarray.compute("int8(floor(6 * x) + 1)", dynarray.random(1000))
--- (dice:min()), (dice:max())                                          --> 1 6
--- dynarray.random(5, "int32", 1) == dynarray.random(5, "int32", 1)    --> true
--- ```
---@param n integer >= 0
---@param type? dynarray.type `"float64"` by default; not `"value"`
---@param seed? integer
---@return dynarray
function dynarray.random(n, type, seed) end

--- A new array of the numbers `first`, `first + step` and so on up to `last`. If only rounding keeps a step from
--- `last`, the last number is `last`; a `for` loop may end before it. Its type is
--- `int64` if all three are integers, otherwise `float64`, unless you give one (also as the third argument).
---
--- **Cost**: O(n).
---
--- **Errors**: `step must not be 0`, `range has too many elements`, *element* (of that type), *memory*.
---
--- ```lua
--- dynarray.range(1, 5)            --> dynarray<int64>(size 5, capacity 5): 1, 2, 3, 4, 5
--- dynarray.range(3, 1, -1, "int8")    --> dynarray<int8>(size 3, capacity 3): 3, 2, 1
--- dynarray.range(0, 1, 0.5)       --> dynarray<float64>(size 3, capacity 3): 0.0, 0.5, 1.0
--- ```
---@param first number
---@param last number
---@param step? number|dynarray.type 1 by default
---@param type? dynarray.type Not `"value"`
---@return dynarray
function dynarray.range(first, last, step, type) end

--- A new array of `n` numbers at equal distances, from `first` to `last`.
---
--- **Cost**: O(n).
---
--- **Errors**: `size -1 out of range (0 to ...)`, *element* (of that type), *memory*.
---
--- ```lua
--- dynarray.linspace(0, 1, 5)    --> dynarray<float64>(size 5, capacity 5): 0.0, 0.25, 0.5, 0.75, 1.0
--- ```
---@param first number
---@param last number
---@param n integer >= 0
---@param type? dynarray.type `"float64"` by default; not `"value"`
---@return dynarray
function dynarray.linspace(first, last, n, type) end

--- A new array of `n` zeros.
---
--- **Cost**: O(n).
---
--- **Errors**: `size -1 out of range (0 to ...)`, *memory*.
---
--- ```lua
--- dynarray.zeros(3, "int8")    --> dynarray<int8>(size 3, capacity 3): 0, 0, 0
--- ```
---@param n integer >= 0
---@param type? dynarray.type `"float64"` by default; not `"value"`
---@return dynarray
function dynarray.zeros(n, type) end

--- Whether `x` is an array.
---
--- **Cost**: O(1).
---
--- **Errors**: none.
---
--- ```lua
--- dynarray.is(dynarray.new()), dynarray.is {}    --> true false
--- ```
---@param x any
---@return boolean
function dynarray.is(x) end

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
--- **Errors**: *self*, *index*, *element*, *write*; *memory* for objects; *growth* if a sequence appends.
---
--- ```lua
--- local a = dynarray.from({ 10, 20 }, "uint8")
--- a:set(1, 30)     --> dynarray<uint8>(size 2, capacity 2): 30, 20
--- a:set(3, 1)      --> error: index 3 out of bounds (size 2): append adds ...
--- a:set(1, 300)    --> error: 300 does not fit into uint8 (0 to 255) at index 1
--- ```
---@param i integer 1 to `#a`; to `#a + 1` with sequence bounds
---@param value any
---@return dynarray a
function a:set(i, value) end

--- Writes `value` to elements `i` to `j`.
---
--- **Cost**: O(j - i).
---
--- **Errors**: *self*, *range*, *element*, *write*; *memory* for objects.
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

--- Copies the elements of `old` to the places 1 to `#old`. The array does not grow: `old` must fit into the capacity.
--- The size becomes the larger of the two sizes.
---
--- **Cost**: O(#old), copied.
---
--- **Errors**: *self*, `Not enough space to copy into`, `dynarray or table expected, got number`, *element*, *write*;
--- *memory* for objects.
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

--- Adds the arguments at the end; nil becomes an element, too.
---
--- **Cost**: amortised O(1) for each argument, if the policy multiplies the capacity. A growth costs O(n) where it
--- copies. With `"exact"` and `"increment:N"`, n appends cost `O(n^2)`.
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

--- Adds all elements of a source at the end; if one of them does not fit, it adds none.
---
--- **Cost**: O(elements) and at most one growth. From an array of the same numeric type, bytes are copied. Elements
--- of a function or of a table with metamethods are collected first, so they are copied twice.
---
--- **Errors**: *self*, *source*, *element*, *growth*, and what the source raises.
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
--- **Cost**: O(n - pos + values): the elements behind are moved once. A growth costs what it costs in `append`.
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

--- Inserts all elements of a source before element `pos`; if one of them does not fit, it inserts none.
---
--- **Cost**: O(n - pos + elements), and at most one growth.
---
--- **Errors**: *self*, *index*, *source*, *element*, *write*, *growth*, and what the source raises.
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
--- **Errors**: *self*, *size*, `pop from an empty array` (a sequence returns nil instead).
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

--- Removes element `pos`, by default the last one, and returns it. nil as `pos` is an error, as `index_of` returns
--- nil for a value that it does not find.
---
--- **Cost**: O(n - pos).
---
--- **Errors**: *self*, *index*, `remove from an empty array`, *write*, *size*. A sequence returns nil wherever
--- `table.remove` does.
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

--- Removes elements `i` to `j`; if `j < i`, it removes none.
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

--- Removes element `pos` and returns it. The last element takes its place.
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

--- Where neighbours are equal, keeps the first and removes the others.
--- After that no element of a sorted array occurs twice. NaN equals nothing.
---
--- **Cost**: O(n), in place. A value array needs n bytes of memory meanwhile.
---
--- **Errors**: *self*, *write*, *size*; for value arrays *memory*, what an `__eq` raises, `array was changed by a
--- callback`.
---
--- ```lua
--- dynarray.of(1, 1, 2, 2, 1):dedup()    --> dynarray<value>(size 3, capacity 5): 1, 2, 1
--- ```
---@return dynarray a
function a:dedup() end

--- Removes all elements. The capacity stays.
---
--- **Cost**: O(1); O(n) for a value array that holds objects.
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

--- Makes the size `n`: removes elements at the end, or adds copies of `fill`.
---
--- **Cost**: O(|n - #a|). A growth costs what it costs in `append`.
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

--- Makes the capacity at least `n`, and exactly `n` if it was less.
---
--- **Cost**: that of a growth, O(n) at most. No element is written.
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

--- Makes the capacity the size. A value array that holds no objects gives up the table that was there for them, too.
---
--- **Cost**: O(n) at most; where pages are given back, O(pages).
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
--- **Errors**: *self*, `growth 0.5 is not a policy (expected a factor > 1, a function, or one of ...)`, `array is
--- closed`.
---
--- ```lua
--- local a = dynarray.new{ capacity = 10 }:set_growth("increment:5")
--- a:resize(11).capacity    --> 15
--- a:set_growth(0.5)        --> error: growth 0.5 is not a policy (expected a factor > 1, a function, or one of ...
--- ```
---@param policy dynarray.growth
---@return dynarray a
function a:set_growth(policy) end

--- Figures about all growths so far.
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

--- Frees the block at once. From then on the array is empty, its `stats` are 0, and to add an element is an error. To
--- close it again does nothing. `local a <close> = dynarray.new()` closes the array at the end of the scope.
--- If the array is a file (`dynarray.open`), `close` flushes it, gives the file its exact length, and returns true.
--- If that fails, it returns nil and a message, and the file is as a crash would leave it.
---
--- **Cost**: O(1); for a file, the cost of `flush`.
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
---@return boolean? done for a file only
---@return string? message
---@return integer? code
function a:close() end

--- The address of the first element, for C functions; nil if there is no block.
--- It is valid until the capacity changes or the array is closed or collected. With `block = "stable"` a growth
--- leaves it valid. The address of a view lies in the block of its array, and is valid as long as that of the array.
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

--- A window on elements `i` to `j`. View and array share them: a change of one is seen in the other.
--- The view keeps the array alive, and stays valid when the array grows or moves. If the array shrinks, the view has
--- fewer elements, and again more when the array grows. The view itself cannot grow or shrink. A view of a view is a
--- view of the array.
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

--- A read-only view of all elements, also of those that are added later.
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

--- The index of the first element, from `from` on, that equals `value`; nil if there is none.
--- Equality is Lua's `==`. A number that the element type cannot hold is never found: 0.1, for instance, in an array of
--- `float32`. NaN is never found. `uint64` elements above `2^63 - 1` are compared exactly, not as the float that
--- reading them gives.
---
--- **Cost**: O(n); a numeric array calls no Lua function.
---
--- **Errors**: *self*, `index 0 out of range (1 to 9223372036854775807)`, what an `__eq` raises; for a numeric array
--- `number expected, got function: indices and where take a condition as text`.
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

--- Whether an element equals `value`, compared as in `index_of`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `index_of`, but for the index.
---
--- ```lua
--- dynarray.of(1, nil):contains(nil)             --> true
--- dynarray.from({ 1 }, "int8"):contains(300)    --> false
--- ```
---@param value any
---@return boolean
function a:contains(value) end

--- How many elements equal `value`, compared as in `index_of`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `contains`.
---
--- ```lua
--- dynarray.of(1, 2, 1.0):count(1)    --> 2
--- ```
---@param value any
---@return integer
function a:count(value) end

--- The index of the first element that is not less than `value`; `#a + 1` if all elements are less.
--- The array must be sorted by `less`, or without it by Lua's `<` with NaN last; if it is not sorted, the result is
--- any index. `less` gets an element and `value`, in either order, so both must be of one kind. `uint64` elements
--- above `2^63 - 1` are compared as the floats that reading them gives.
---
--- If `value` is an array, it stands for its elements: the result is an `int64` array with the index for each of them.
--- Numbers of any two types are then compared exactly.
---
--- **Cost**: O(log n) for each value. Numbers in arrays are looked for in one C loop, without calls of Lua.
---
--- **Errors**: *self*, Lua's `attempt to compare ...`, what `less` raises, `array was changed by a callback`, *memory*.
---
--- ```lua
--- local a = dynarray.of(1, 3, 3, 5)
--- a:lower_bound(3)    --> 2
--- a:lower_bound(9)    --> 5
--- a:lower_bound("x")  --> error: attempt to compare number with string
--- dynarray.of(5, 3, 1):lower_bound(4, function(x, y) return x > y end)    --> 2
--- a:lower_bound(dynarray.of(0, 3, 9))    --> dynarray<int64>(size 3, capacity 3): 1, 2, 5
--- ```
---@param value any
---@param less? fun(x:any,y:any):boolean
---@return integer|dynarray index
function a:lower_bound(value, less) end

--- The index of the first element that is greater than `value`; `#a + 1` if there is none. The array must be sorted,
--- and `value` may be an array, as in `lower_bound`.
---
--- **Cost**: that of `lower_bound`.
---
--- **Errors**: those of `lower_bound`.
---
--- ```lua
--- dynarray.of(1, 3, 3, 5):upper_bound(3)    --> 4
--- local edges, x = dynarray.of(0, 10, 20), dynarray.of(5, 10, 25)
--- edges:upper_bound(x) - 1                  --> dynarray<int64>(size 3, capacity 3): 1, 2, 3
--- ```
---@param value any
---@param less? fun(x:any,y:any):boolean
---@return integer|dynarray index
function a:upper_bound(value, less) end

--- Inserts `value` into an array that is sorted as in `lower_bound`, behind the elements that equal it.
---
--- **Cost**: O(log n) comparisons and O(n) elements moved. A growth costs what it costs in `append`.
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
---@return integer i the index of the new element
function a:insert_sorted(value, less) end

--- Order.
-- @section order

--- Sorts in place, by Lua's `<` or by `less`; with `"descending"` the greatest element comes first. Elements that are
--- equal keep their order.
--- Without `less`, NaN comes last, and -0.0 comes before 0.0 in float arrays. If `less` contradicts itself, the
--- elements are the same, in any order.
---
--- **Cost**: numbers without `less`: O(n), a radix sort, with half a MiB of memory meanwhile, or O(n log n) in place
--- if the processor has AVX-512 and the type has 4 or 8 bytes. Otherwise O(n log n) comparisons, and 24 bytes an
--- element meanwhile.
---
--- **Errors**: *self*, *write*, Lua's `attempt to compare ...`, what `less` raises, `array was changed by the
--- comparator while it was sorted`, *memory*.
---
--- ```lua
--- dynarray.of(3, 1, 2):sort()                                        --> dynarray<value>(size 3, capacity 3): 1, 2, 3
--- dynarray.of(3, 1, 2):sort("descending")                            --> dynarray<value>(size 3, capacity 3): 3, 2, 1
--- dynarray.of(3, 1, 2):sort(function(x, y) return x > y end)         --> dynarray<value>(size 3, capacity 3): 3, 2, 1
--- dynarray.from({ 2, 0 / 0, 1 }, "float64"):sort()[2]                --> 2.0
--- dynarray.of(1, "x"):sort()                                         --> error: attempt to compare string with number
--- ```
---@param order? "descending"|function `less(x, y)`: whether x comes before y
---@return dynarray a
function a:sort(order) end

--- The same as `sort`, which is stable. The name tells readers that the order of equal elements matters.
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

--- Whether the array is sorted: no element is less than the one before it. An empty array is sorted.
---
--- **Cost**: O(n); it stops at the first element that is less.
---
--- **Errors**: *self*, Lua's `attempt to compare ...`, what `less` raises.
---
--- ```lua
--- dynarray.of(1, 2, 2):is_sorted()                                       --> true
--- dynarray.of(1, 2):is_sorted(function(x, y) return x > y end)           --> false
--- ```
---@param less? fun(x:any,y:any):boolean
---@return boolean
function a:is_sorted(less) end

--- The element that would be at index `k` if the array were sorted. The array does not change.
---
--- **Cost**: O(n) and no memory for numeric arrays; a value array sorts a copy.
---
--- **Errors**: *self*, *index*, Lua's `attempt to compare ...`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 40, 10, 30, 20 }, "int32")
--- a:nth(2)    --> 20
--- a:nth(5)    --> error: index 5 out of bounds (size 4)
--- ```
---@param k integer 1 to `#a`
---@return any
function a:nth(k) end

--- The value below which `p` percent of the elements are, for each `p`; nil for an empty array. Between two elements
--- the value is interpolated linearly, and it is never outside of the two. A greater `p` never gives a smaller value.
--- The 95th percentile is `percentile(95)`. NaN counts as the largest number, as in `sort`. The result is a float: an
--- integer of more than 53 bits becomes the nearest float, as by `x + 0.0`, which may be greater than the element.
---
--- **Cost**: O(n) for each `p`, twice `nth`; a value array sorts a copy.
---
--- **Errors**: *self*, `percentile out of range (0 to 100)`; for value arrays those of `nth`, `percentile needs
--- numbers, got a string value`.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3, 4 }, "float64")
--- a:percentile(50)     --> 2.5
--- a:percentile(0, 25, 100)    --> 1.0 1.75 4.0
--- a:percentile{ 0, 25 }       --> error: bad argument #1 to 'percentile' (number expected, got table: each ...
--- a:percentile(101)    --> error: bad argument #1 to 'percentile' (percentile out of range (0 to 100))
--- ```
---@param p number 0 to 100
---@param ... number More percentages
---@return number? ... One result for each
function a:percentile(p, ...) end

--- The middle element of the sorted array, or the mean of the two in the middle; of elements `i` to `j`, if they are
--- given. The same as `a:percentile(50)`, or `a:view(i, j):percentile(50)`.
---
--- **Cost**: as `percentile`.
---
--- **Errors**: as `percentile`, *range*.
---
--- ```lua
--- local a = dynarray.from({ 3, 1, 2, 9 }, "int8")
--- a:median(), a:median(2, 4)    --> 2.5 2.0
--- ```
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return number?
function a:median(i, j) end

--- Reverses the order of the elements: the last one becomes the first.
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

--- Moves all elements `k` places towards the end. The last `k` elements become the first.
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

--- The indices of the elements in sorted order: `a:take(a:argsort())` is sorted. Equal elements keep their order. The
--- order is that of `sort`; with `"descending"` the greatest element comes first, and NaN still comes last.
---
--- **Cost**: O(n) for numbers, with 32 bytes an element meanwhile, or 16 if elements have at most 4 bytes; otherwise
--- O(n log n) comparisons. The result takes 8 bytes an element.
---
--- **Errors**: *self*, *memory*, those of `sort`.
---
--- ```lua
--- local names = dynarray.of("b", "c", "a")
--- names:argsort()                     --> dynarray<int64>(size 3, capacity 3): 3, 1, 2
--- names:argsort("descending")         --> dynarray<int64>(size 3, capacity 3): 2, 1, 3
--- ```
---@param order? "descending"|function `less(x, y)`: whether x comes before y
---@return dynarray indices
function a:argsort(order) end

--- The `k` greatest elements, the greatest first, and their indices; all elements if there are fewer than `k`. Of
--- equal elements, the one with the lower index comes first. NaN comes last.
---
--- **Cost**: O(n) for numbers; O(n log n), as `argsort`, with `less` or for a value array.
---
--- **Errors**: *self*, `count -1 out of range (0 to ...)`, *memory*, those of `sort`.
---
--- ```lua
--- local best, where = dynarray.from({ 5, 9, 7 }, "int32"):top(2)
--- best      --> dynarray<int32>(size 2, capacity 2): 9, 7
--- where     --> dynarray<int64>(size 2, capacity 2): 2, 3
--- ```
---@param k integer >= 0
---@param less? function `less(x, y)`: whether x comes before y
---@return dynarray best
---@return dynarray indices
function a:top(k, less) end

--- Each different element once, in the order of `sort`, and how often it occurs. Two elements are the same if neither
--- sorts before the other: 1 and 1.0, the two zeros, all NaN.
---
--- **Cost**: that of a copy and of `sort`; for a value array that does not hold integers alone or floats alone, that of
--- `argsort` and n comparisons.
---
--- **Errors**: *self*, *memory*, those of `sort`.
---
--- ```lua
--- local values, counts = dynarray.from({ 3, 1, 3 }, "uint8"):unique()
--- values    --> dynarray<uint8>(size 2, capacity 3): 1, 3
--- counts    --> dynarray<int64>(size 2, capacity 2): 1, 2
--- (dynarray.of("plum", "fig", "plum"):unique())    --> dynarray<value>(size 2, capacity 3): "fig", "plum"
--- ```
---@return dynarray values
---@return dynarray counts
function a:unique() end

--- Puts the elements into a random order; each order is as likely as any other. The generator is xoshiro256**. Its seed
--- comes from `math.random`, or from you: the same seed gives the same order.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *write*.
---
--- ```lua
--- #dynarray.of(1, 2, 3):shuffle()                                       --> 3
--- dynarray.of(1, 2, 3):shuffle(5) == dynarray.of(1, 2, 3):shuffle(5)    --> true
--- ```
---@param seed? integer
---@return dynarray a
function a:shuffle(seed) end

--- Choose.
--- A mask says which elements are chosen. It is an array of `uint8` of the same size, in which 1 says yes and 0 says
--- no, such as a comparison in `dynarray.compute` makes; or the text of such an expression, in which `x` is the array
--- itself. `1 - mask` chooses the others; `mask & other` and `mask | other` join two. `~mask` is no mask: its elements
--- are 255 and 254.
-- @section choose

--- A new array of the elements at these indices, in the order of the indices. An index may occur more than once.
---
--- **Cost**: O(number of indices). A table of indices becomes an array of `int64` first.
---
--- **Errors**: *self*, `index 6 out of bounds (size 5), at place 1 of the indices`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 10, 20, 30 }, "int16")
--- a:take{ 3, 1, 3 }    --> dynarray<int16>(size 3, capacity 3): 30, 10, 30
--- a:take{ 4 }          --> error: index 4 out of bounds (size 3), at place 1 of the indices
--- ```
---@param indices dynarray|table Integers, from 1
---@return dynarray
function a:take(indices) end

--- Writes the value at each place of `values` to the element at the index at the same place; or writes one value to
--- all these elements. If an index occurs more than once, the last one counts. Values of another numeric type are
--- converted. After an error, nothing has changed.
---
--- **Cost**: O(number of indices). The values are copied first.
---
--- **Errors**: *self*, *write*, that of `take`, `2 values for 3 indices`, *element*, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 10, 20, 30 }, "int16")
--- a:put({ 1, 3 }, dynarray.of(7, 8):astype "int16")    --> dynarray<int16>(size 3, capacity 3): 7, 20, 8
--- a:put({ 1, 2 }, 0)                                   --> dynarray<int16>(size 3, capacity 3): 0, 0, 8
--- ```
---@param indices dynarray|table Integers, from 1
---@param values any An array of as many values, or one value
---@return dynarray a
function a:put(indices, values) end

--- A new array of the elements that the mask chooses. An expression knows `x` and `i` alone; if it needs
--- more, compute the mask first.
---
--- **Cost**: O(n). The mask is read twice. For an expression, a mask is made first.
---
--- **Errors**: *self*, those of `dynarray.compute`, `mask is uint8 of size 2, wanted uint8 of size 3`, `mask is 254 at
--- 1, wanted 0 or 1: 1 - mask negates a mask`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 5, 1, 7 }, "float64")
--- a:where("x > 2 and i < 3")                      --> dynarray<float64>(size 1, capacity 1): 5.0
--- a:where(dynarray.from({ 0, 1, 1 }, "uint8"))    --> dynarray<float64>(size 2, capacity 2): 1.0, 7.0
--- a:where(dynarray.compute("x > m", { x = a, m = a:mean() }))  --> dynarray<float64>(size 2, capacity 2): 5.0, 7.0
--- ```
---@param mask dynarray|string
---@return dynarray
function a:where(mask) end

--- The indices of the elements that the mask chooses.
---
--- **Cost**: as `where`.
---
--- **Errors**: those of `where`.
---
--- ```lua
--- dynarray.from({ 5, 1, 7 }, "float64"):indices("x > 2")    --> dynarray<int64>(size 2, capacity 2): 1, 3
--- ```
---@param mask dynarray|string
---@return dynarray
function a:indices(mask) end

--- Writes `x` to the elements that the mask chooses. If `x` is an array, writes its elements at the same indices,
--- converted if they have another numeric type.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: those of `where`, *write*, *element*.
---
--- ```lua
--- local a = dynarray.from({ 5, -1, 7 }, "int32")
--- a:set_where("x < 0", 0)                --> dynarray<int32>(size 3, capacity 3): 5, 0, 7
--- a:set_where("x > 0", -a)               --> dynarray<int32>(size 3, capacity 3): -5, 0, -7
--- ```
---@param mask dynarray|string
---@param x any
---@return dynarray a
function a:set_where(mask, x) end

--- Records.
--- An array can hold records of `k` elements, one after another: x1, y1, x2, y2 and so on. Its size is a multiple of
--- `k`.
-- @section records

--- For a loop over records: `for i, x, y in a:tuples(2) do` gives the index of each record, from 1, and its elements.
--- Each step costs one call for all of them.
---
--- **Cost**: O(k) a step.
---
--- **Errors**: *self*, `fields 0 out of range (1 to 200)`, `size 5 is no multiple of 2 fields`.
---
--- ```lua
--- for i, x, y in dynarray.from({ 1, 2, 3, 4 }, "int32"):tuples(2) do print(i, x, y) end
--- --> 1 1 2
--- --> 2 3 4
--- ```
---@param k integer 1 to 200
---@return function step
---@return dynarray a
---@return integer
function a:tuples(k) end

--- A new array of the elements j, j + k, j + 2k and so on: field `j` of each record.
---
--- **Cost**: O(n / k).
---
--- **Errors**: *self*, `column 3 out of range (1 to 2)`, that of `tuples`, *memory*.
---
--- ```lua
--- dynarray.from({ 1, 2, 3, 4 }, "int32"):column(2, 2)    --> dynarray<int32>(size 2, capacity 2): 2, 4
--- ```
---@param j integer 1 to `k`
---@param k integer >= 1
---@return dynarray
function a:column(j, k) end

--- Writes the elements of `source` to the elements j, j + k, j + 2k and so on. Numbers of another type are converted.
--- After an error, nothing has changed.
---
--- **Cost**: O(n / k). The source is copied first.
---
--- **Errors**: those of `column`, *write*, `column has 3 elements, wanted 2`, *element*.
---
--- ```lua
--- local a = dynarray.zeros(4, "int32")
--- a:set_column(2, 2, dynarray.range(5, 6))    --> dynarray<int32>(size 4, capacity 4): 0, 5, 0, 6
--- ```
---@param j integer 1 to `k`
---@param k integer >= 1
---@param source dynarray
---@return dynarray a
function a:set_column(j, k, source) end

--- Priority queues.
--- An array can be a priority queue, kept as a binary heap: its first element is the least one, by Lua's `<` or by
--- `less`. All calls must use the same `less`. A sorted array is a heap, too, and `heapify` makes one in less time.
-- @section queues

--- Adds a value to a heap.
---
--- **Cost**: O(log n) comparisons, besides what `append` costs.
---
--- **Errors**: those of `append`, Lua's `attempt to compare ...`, what `less` raises; the array is then as it was
--- before.
---
--- ```lua
--- local a = dynarray.new "int32"
--- a:heap_push(3):heap_push(1):heap_push(2)
--- a:heap_pop(), a:heap_pop()    --> 1 2
--- ```
---@param x any
---@param less? fun(x:any,y:any):boolean
---@return dynarray a
function a:heap_push(x, less) end

--- Removes the least element of a heap and returns it; nil if there is none.
---
--- **Cost**: O(log n) comparisons.
---
--- **Errors**: *self*, *write*, *size*, Lua's `attempt to compare ...`, what `less` raises; the heap is then as it was.
---
--- ```lua
--- local tasks = dynarray.of({ due = 5 }, { due = 2 })
--- local function sooner(x, y) return x.due < y.due end
--- tasks:heapify(sooner):heap_pop(sooner).due    --> 2
--- ```
---@param less? fun(x:any,y:any):boolean
---@return any
function a:heap_pop(less) end

--- Puts the elements into the order of a heap.
---
--- **Cost**: O(n) comparisons, in place.
---
--- **Errors**: *self*, *write*, Lua's `attempt to compare ...`, what `less` raises; the elements are then the
--- same in another order.
---
--- ```lua
--- dynarray.of(3, 2, 1):heapify()[1]    --> 1
--- ```
---@param less? fun(x:any,y:any):boolean
---@return dynarray a
function a:heapify(less) end

--- Reduce.
-- @section reduce

--- The sum of elements `i` to `j`; of all elements by default.
--- The sum of integers is an integer and wraps around, as in Lua; the sum of floats is a
--- float. Floats are added pairwise in float64, so that the sum of 1e8 floats is still accurate. A value array adds
--- by Lua's `+`, beginning with the integer 0.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *range*; for value arrays Lua's own, as `attempt to perform arithmetic on a nil value
--- (element 2)`.
---
--- ```lua
--- dynarray.from({ 1, 2, 3 }, "int8"):sum()       --> 6
--- dynarray.from({ 1, 2, 3 }, "float32"):sum()    --> 6.0
--- dynarray.new():sum()                           --> 0
--- ```
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return any
function a:sum(i, j) end

--- The mean of elements `i` to `j`, computed in float64, so it never wraps around; nil if there are no elements. It is
--- never less than the least element or greater than the greatest, even if the sum is too large for a float. If an
--- element becomes greater, the mean never becomes less. Integers of more than 53 bits count as the nearest floats,
--- as in `percentile`. A value array adds by Lua's `+`, beginning with 0.0, and divides by the size.
---
--- **Cost**: O(n).
---
--- **Errors**: as `sum`.
---
--- ```lua
--- dynarray.from({ 1, 2, 4, 5 }, "uint8"):mean()    --> 3.0
--- dynarray.new():mean()                            --> nil
--- ```
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return any
function a:mean(i, j) end

--- The least of elements `i` to `j` and its index; the first one if there are several. nil and nil if there are no
--- elements. If there is a NaN, it is the result.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *range*; for value arrays Lua's `attempt to compare ...`.
---
--- ```lua
--- dynarray.of(3, 1, 2, 1):min()        --> 1 2
--- dynarray.of(3, 1, 2, 1):min(3, 4)    --> 1 4
--- ```
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return any value
---@return integer? index
function a:min(i, j) end

--- The greatest element and its index, as `min`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `min`.
---
--- ```lua
--- dynarray.of(3, 1, 3):max()    --> 3 1
--- ```
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return any value
---@return integer? index
function a:max(i, j) end

--- The sum of the products of elements at the same index. Integers wrap around, and floats are as accurate, as with
--- `sum`. If one array has integers and the other one floats, the integers become floats first.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *numeric*, `dynarray expected, got number`, `operands differ: int32 of size 3, int8 of size 2`.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3 }, "float64")
--- a:dot(a)                        --> 14.0
--- a:dot(dynarray.range(1, 3))     --> 14.0
--- ```
---@param other dynarray Of the same size
---@return number
function a:dot(other) end

--- The variance of elements `i` to `j`: the sum of the squared deviations from the mean, divided by n - `ddof`; nil if
--- n - `ddof` is not above 0. It is computed in float64 in two passes, and corrects for the rounding of the mean. It is
--- 0 if all elements are equal, and an infinity if it is too large for a float.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *numeric*, *range*, `ddof -1 out of range (0 to ...)`.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3, 4 }, "uint8")
--- a:var()     --> 1.25
--- a:var(1)    --> 1.6666666666667
--- ```
---@param ddof? integer 0 by default; with 1, an estimate for the whole of which the elements are a sample
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return number?
function a:var(ddof, i, j) end

--- The standard deviation: the square root of `var`, also if that itself is too large or too small for a float.
---
--- **Cost**: as `var`.
---
--- **Errors**: as `var`.
---
--- ```lua
--- dynarray.from({ 1, 1, 3, 3 }, "int8"):std()    --> 1.0
--- ```
---@param ddof? integer 0 by default
---@param i? integer
---@param j? integer
---@return number?
function a:std(ddof, i, j) end

--- Pearson's correlation with another array of the same size, which may have another type: -1 to 1. NaN if all elements
--- of one array are equal; nil if there are fewer than two.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *numeric*, `operands differ: int32 of size 3, int8 of size 2`.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3 }, "float64")
--- a:corr(a * 2), a:corr(-a)    --> 1.0 -1.0
--- ```
---@param other dynarray
---@return number?
function a:corr(other) end

--- Counts the elements in each of `bins` equal parts of the range from `low` to `high`, by default from the least to
--- the greatest element; if these are equal, from a little less to a little more. Returns the counts as an array of
--- `int64`, and the `bins + 1` edges. A number x is in bin `floor((x - low) * (bins / (high - low)))`, counted from 0;
--- `high` itself is in the last bin. NaN and numbers outside of the range are not counted.
---
--- Instead of the number of bins it takes the edges: a table or an array of sorted numbers, also infinities. A bin has
--- the numbers from its first edge to below the next one; the last bin has its last edge, too.
---
--- **Cost**: O(n + bins); with edges, O(n log bins).
---
--- **Errors**: *self*, *numeric*, `number of bins 0 out of range (1 to 16777216)`, `bounds from 2.0 to 1.0 are no
--- range of finite numbers`, `edge 1.0 at index 2: edges are sorted, and none is NaN`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 2, 5 }, "float64")
--- local counts, edges = a:histogram(2)
--- counts    --> dynarray<int64>(size 2, capacity 2): 3, 1
--- edges     --> dynarray<float64>(size 3, capacity 3): 1.0, 3.0, 5.0
--- (a:histogram{ 0, 2, math.huge })    --> dynarray<int64>(size 2, capacity 2): 1, 3
--- ```
---@param bins integer|number[]|dynarray How many bins, or their edges
---@param low? number
---@param high? number
---@return dynarray counts
---@return dynarray edges
function a:histogram(bins, low, high) end

--- A new array of the sum, the mean, the least or the greatest of each window of `k` neighbours: element i is for the
--- elements i to i + k - 1. It is empty if there are fewer than `k` elements. A sum has the type `int64`, which wraps
--- around, or `float64`; a mean has the type `float64`. A NaN makes the results of its windows NaN, and no others. A
--- mean of finite numbers is finite, but rounding may put its last digits outside of what is in the window.
---
--- **Cost**: O(n), whatever `k` is, and 8 bytes for each of `k` elements meanwhile.
---
--- **Errors**: *self*, *numeric*, `window 0 out of range (1 to ...)`, Lua's `invalid option`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 1, 5, 3, 4 }, "int32")
--- a:rolling(2, "mean")    --> dynarray<float64>(size 3, capacity 3): 3.0, 4.0, 3.5
--- a:rolling(3, "max")     --> dynarray<int32>(size 2, capacity 2): 5, 5
--- ```
---@param k integer >= 1
---@param figure "sum"|"mean"|"min"|"max"
---@return dynarray
function a:rolling(k, figure) end

--- Compute.
-- @section compute

--- Computes an expression for each element of the arrays. The results are a new array, or are written to `out`; a total
--- such as `sum(x * y)` is a number.
---
--- `operands` is a table of arrays and numbers by name, or one array, whose name is then `x`. All arrays must have the
--- same size. The expression has Lua's operators with Lua's meaning, precedence and types of numbers, and these
--- functions:
---
--- * `abs`, `min`, `max`, `clamp(x, low, high)`, `floor`, `ceil`, `trunc`, `round`, `sqrt`, `exp`, `exp2`, `expm1`,
---   `log` (also `log(x, base)`), `log2`, `log10`, `log1p`, `sin`, `cos`, `tan`, `asin`, `acos`, `atan` (also
---   `atan(y, x)`), `atan2`, `sinh`, `cosh`, `tanh`, `asinh`, `acosh`, `atanh`, `cbrt`, `erf`, `hypot(x, y)`,
---   `fmod(x, y)`, `isnan`, `isinf`, `isfinite`
--- * `select(c, x, y)`: `x` where `c` is true, otherwise `y`; `i`: the index, from 1
--- * the names of numeric types, such as `int8(x)`; a number that does not fit is an error
--- * around the whole: `sum(...)`, `mean(...)`, `min(...)`, `max(...)`, `count(...)`, `any(...)`, `all(...)`, which
---   make no array. For empty arrays they give 0, nil, nil, nil, 0, false and true. `mean` divides the sum by the size,
---   also if the sum is too large for a float.
---
--- True is 1 and false is 0, and every number but 0 counts as true. `and`, `or` and `not` give 0 or 1, and both sides
--- are always computed. Integers are computed as `int64`, which wraps around, everything else as `float64`. The new
--- array has that type; `uint8` if the whole is a comparison, `and`, `or` or `not`; or the type that the whole is
--- converted to. `out` has its own type, or is the name of a type. `floor` and the like keep floats; `min` and `max`
--- of a NaN are NaN. Comparisons are exact for numbers of all types, as `math.ult` is for `uint64`. Where integers are
--- computed, a `uint64` above `2^63 - 1` is an error, as it would become a negative number: write `float64(x)`.
---
--- **Cost**: O(n). Each array is read once, block by block. Results in between take memory for 1024 elements each. The
--- last 64 expressions are kept in parsed form. If a result may not fit into `out`, or `out` overlaps an array in part,
--- the results are computed elsewhere first and then copied.
---
--- **Errors**: what is wrong with the expression, with its column; an operand that is missing or is no number; arrays
--- of different sizes; a number that does not fit, `1.8446744073709552e+19 is too large for an integer`, `attempt to
--- perform 'n//0'`, with the index; *write* (of `out`), *memory*. `out` is then as it was. An expression may have 2000
--- bytes, 200 operators and operands, 50 levels of nesting and 32 names.
---
--- ```lua
--- local a = dynarray.from({ 1, 2, 3 }, "float64")
--- local b = dynarray.from({ 10, 20, 30 }, "int32")
--- dynarray.compute("2*x + y*y", { x = a, y = b })  --> dynarray<float64>(size 3, capacity 3): 102.0, 404.0, 906.0
--- dynarray.compute("x > 1 and y < 30", { x = a, y = b })  --> dynarray<uint8>(size 3, capacity 3): 0, 1, 0
--- dynarray.compute("y // k", { y = b, k = 7 }, "int8")  --> dynarray<int8>(size 3, capacity 3): 1, 2, 4
--- dynarray.compute("sum(x * x)", a)         --> 14.0
--- dynarray.compute("x * 0.5", a, a)         --> dynarray<float64>(size 3, capacity 3): 0.5, 1.0, 1.5
--- dynarray.compute("x +", a)    --> error: bad argument #1 to 'compute' (column 4: expression ends too early)
--- ```
---@param expression string
---@param operands table|dynarray Arrays and numbers by name, or the array `x`
---@param out? dynarray|dynarray.type An array that takes the results, or the type of the new one
---@return dynarray|number|boolean|nil
function dynarray.compute(expression, operands, out) end

--- Adds a number, or the elements of an array of the same size, in place. The operator `+` makes a new array.
--- If a result does not fit into an integer type, that is an error, and nothing has changed. A float that is too
--- large becomes an infinity.
---
--- **Cost**: O(n). If `x` shares elements with the array, `x` is copied first.
---
--- **Errors**: *self*, *numeric*, *write*, *operands*, *memory*, `200 + 100 does not fit into uint8 (0 to 255) at
--- index 2: astype gives another type`.
---
--- ```lua
--- local a = dynarray.from({ 1, 200 }, "uint8")
--- a:add(10)     --> dynarray<uint8>(size 2, capacity 2): 11, 210
--- a:add(a)
--- --> error: 210 + 210 does not fit into uint8 (0 to 255) at index 2: astype gives another type
--- a:add(300)    --> error: 300 does not fit into uint8 (0 to 255) as operand: astype gives another type
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

--- Divides, as `add`. Integers must divide without a remainder.
---
--- **Cost**: as `add`.
---
--- **Errors**: as `add`.
---
--- ```lua
--- dynarray.from({ 6, 8 }, "int8"):div(2)    --> dynarray<int8>(size 2, capacity 2): 3, 4
--- dynarray.from({ 6, 7 }, "int8"):div(2)
--- --> error: 7 / 2 does not fit into int8 (-128 to 127) at index 2: astype gives another type
--- ```
---@param x number|dynarray
---@return dynarray a
function a:div(x) end

--- Takes the absolute value of each element.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*, `abs(-128) does not fit into int8 (-128 to 127) at index 1`.
---
--- ```lua
--- dynarray.from({ -1, 2 }, "int8"):abs()     --> dynarray<int8>(size 2, capacity 2): 1, 2
--- dynarray.from({ -128 }, "int8"):abs()
--- --> error: abs(-128) does not fit into int8 (-128 to 127) at index 1: astype gives another type
--- ```
---@return dynarray a
function a:abs() end

--- Takes the square root of each element. Integers must be squares.
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

--- Makes elements below `lo` equal to `lo`, and elements above `hi` equal to `hi`. NaN stays NaN.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*, `300 does not fit into uint8 (0 to 255) as operand`, `lower bound 5 must
--- be at most the upper bound 1`.
---
--- ```lua
--- dynarray.from({ 1, 5, 9 }, "uint8"):clamp(2, 6)    --> dynarray<uint8>(size 3, capacity 3): 2, 5, 6
--- dynarray.new("uint8"):clamp(5, 1)                  --> error: lower bound 5 must be at most the upper bound 1
--- ```
---@param lo number
---@param hi number >= lo
---@return dynarray a
function a:clamp(lo, hi) end

--- Makes each element the sum of all elements up to it. Floats are added one after another in float64, so rounding
--- errors grow with n, more than those of `sum`.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*. If a sum does not fit into an integer type, that is an error, and nothing
--- has changed.
---
--- ```lua
--- dynarray.from({ 1, 2, 3 }, "int32"):cumsum()    --> dynarray<int32>(size 3, capacity 3): 1, 3, 6
--- ```
---@return dynarray a
function a:cumsum() end

--- A new array of the same elements with another type.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *element* (one that does not fit), *memory*.
---
--- ```lua
--- local a = dynarray.from({ 1, 2 }, "float64")
--- a:astype "int8"          --> dynarray<int8>(size 2, capacity 2): 1, 2
--- (a / 4):astype "int8"    --> error: 0.25 has no integer representation, wanted int8 at index 1
--- ```
---@param type dynarray.type
---@return dynarray
function a:astype(type) end

--- A new array of the differences of neighbours, with one element less. Its type is `int64` for integers, otherwise
--- that of the array.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *numeric*, *memory*.
---
--- ```lua
--- dynarray.from({ 1, 4, 2 }, "uint8"):diff()    --> dynarray<int64>(size 2, capacity 2): 3, -2
--- ```
---@return dynarray
function a:diff() end

--- Makes each element the greatest of all elements up to it. From the first NaN on, all become NaN.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*.
---
--- ```lua
--- dynarray.from({ 1, 4, 2 }, "int32"):cummax()    --> dynarray<int32>(size 3, capacity 3): 1, 4, 4
--- ```
---@return dynarray a
function a:cummax() end

--- Makes each element the least of all elements up to it. From the first NaN on, all become NaN.
---
--- **Cost**: O(n), in place.
---
--- **Errors**: *self*, *numeric*, *write*.
---
--- ```lua
--- dynarray.from({ 4, 1, 2 }, "int32"):cummin()    --> dynarray<int32>(size 3, capacity 3): 4, 1, 1
--- ```
---@return dynarray a
function a:cummin() end

--- With functions.
-- The function gets an element and its index. It may do anything but yield, and may even change the array: it is
-- called for the indices that there were at the beginning, as long as these exist. Do not give `tonumber` itself, as
-- it takes its second argument for a base, but `a:map(function(s) return tonumber(s) end)`.
-- @section functions

--- Replaces elements `i` to `j`, all by default, by what `f` returns for each of them and its index. If there is an
--- error, the elements before it have changed.
---
--- **Cost**: O(n) and n calls, in place.
---
--- **Errors**: *self*, *write*, *range*, *element*, what `f` raises.
---
--- ```lua
--- dynarray.from({ 1, 2, 3 }, "int8"):update(function(x, i) return x * i end)
--- --> dynarray<int8>(size 3, capacity 3): 1, 4, 9
--- ```
---@param f fun(value:any,i:integer):any
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return dynarray a
function a:update(f, i, j) end

--- A string of the elements `i` to `j`, which are strings or numbers, with the separator between them, as by
--- `table.concat`.
---
--- **Cost**: O(length of the string).
---
--- **Errors**: *self*, *range*, `element at index 1 is a nil, wanted a string or a number`, *memory*.
---
--- ```lua
--- dynarray.of("a", 1, 2.5):concat(", ")    --> a, 1, 2.5
--- ```
---@param separator? string "" by default
---@param i? integer The first element, 1 by default
---@param j? integer The last element, `#a` by default
---@return string
function a:concat(separator, i, j) end

--- A new array of what `f` returns for each element. It has the bounds of this array.
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
---@param type? dynarray.type The type of the new array; by default that of this array
---@return dynarray
function a:map(f, type) end

--- A new array of the elements for which `f` returns neither false nor nil, with the same type and bounds.
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

--- Combines all elements into one value: `result = f(result, a[i], i)`, from the first element to the last. The
--- result begins as `init`, or without it as the first element.
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

--- A function that returns the next element and its index at each call, and nil at the end.
--- A `for` loop ends at an element that is nil; `pairs` does not. The function can be a source of `from` and `extend`.
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

--- A table of elements `i` to `j`, for packages that take only tables, such as those that write JSON.
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

--- Returns elements `i` to `j`, each as a result of its own.
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

--- The same as Lua's `ipairs`, for arrays and for everything else, but faster on arrays.
--- It ends at the end of the array or at the first element that is nil. `pairs` gives nil elements, too.
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
-- A function that cannot do its work returns nil, a message and the system's error number; the number is nil if the
-- content of the file is the reason. Wrong arguments raise errors.
-- @section files

--- A string of the bytes of all elements, in this machine's byte order, or in the one that you give. Give one for
--- strings that go to other machines.
---
--- **Cost**: O(n), copied.
---
--- **Errors**: *self*, `elements of type value have no bytes, wanted an array of numbers`, `array is closed`, `byte
--- order expected "<", ">" or "=", got "big"`, *memory*.
---
--- ```lua
--- dynarray.from({ 72, 105 }, "uint8"):tobytes()    --> Hi
--- dynarray.from({ 0x4869 }, "uint16"):tobytes(">") --> Hi
--- dynarray.of(1):tobytes()
--- --> error: elements of type value have no bytes, wanted an array of numbers
--- ```
---@param order? string `"<"` is little endian, `">"` big endian, `"="` this machine's, as for `string.pack`
---@return string
function a:tobytes(order) end

--- A new array of the elements whose bytes are in a string, such as `tobytes` returns.
---
--- **Cost**: O(#s), copied.
---
--- **Errors**: `3 bytes are not a whole number of int16 elements (2 bytes each)`, `type "value" is not one of
--- int8, ..., float64`, `byte order expected "<", ">" or "=", got "big"`, *memory*.
---
--- ```lua
--- dynarray.frombytes("Hi", "uint8")      --> dynarray<uint8>(size 2, capacity 2): 72, 105
--- dynarray.frombytes("\1\2", "int16", ">") --> dynarray<int16>(size 1, capacity 1): 258
--- dynarray.frombytes("abc", "int16")
--- --> error: bad argument #1 to 'frombytes' (3 bytes are not a whole number of int16 elements (2 bytes each))
--- ```
---@param s string
---@param type dynarray.type Any but `"value"`
---@param order? string The order of the bytes, as for `tobytes`
---@return dynarray
function dynarray.frombytes(s, type, order) end

--- Writes the elements to a file in NumPy's `.npy` format. A crash or a full disk leaves either the old file or the new
--- one, whole, and no other file. (On some file systems, a killed process leaves a file that the next save removes.)
---
--- The new file gets the owner, the group, the mode and the access control list of the old one, as far as this
--- process may give them, but never the set-user-ID and set-group-ID bits. If it cannot have the old group, its group
--- and others may only do what both the old group and others could. Symbolic links are followed if the system follows
--- them; a dangling link is an error.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, `elements of type value have no bytes, wanted an array of numbers`, `array is closed`, `path
--- with a zero byte`. Returns nil and what the system says.
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

--- Waits until all changes of an array that is a file (`dynarray.open`) or of a mapped file (`dynarray.map(path,
--- "rw")`) are on the disk. Other processes see a change at once, and the system writes it to the disk later. `flush`
--- is for changes that must survive a power failure.
---
--- **Cost**: O(n), as slow as the disk.
---
--- **Errors**: *self*, `array is closed`, `array is not a file`. Returns nil and what the system says.
---
--- ```lua
--- local path = os.tmpname()
--- dynarray.from({ 1, 2 }, "int32"):save(path)
--- local a <close> = dynarray.map(path, "rw")
--- a[2] = 9
--- #a:flush()                       --> 2
--- dynarray.load(path)[2]           --> 9
--- dynarray.new():flush()           --> error: array is not a file
--- os.remove(path)
--- ```
---@return dynarray? self
---@return string? message
---@return integer? code
function a:flush() end

--- A new array of the elements in a `.npy` file.
--- The file may have version 1.0 to 3.0 and either byte order, and must have one dimension. The length of the file is
--- checked before memory is taken.
---
--- **Cost**: O(n).
---
--- **Errors**: `path with a zero byte`, *memory*. Returns nil and what the system says, or what is wrong with the file.
---
--- ```lua
--- dynarray.load("no/such/file")    --> nil no/such/file: No such file or directory 2
--- ```
---@param path string
---@return dynarray? a
---@return string? message
---@return integer? code
function dynarray.load(path) end

--- A `.npy` file as an array of fixed size. Elements are read from the file when they are used.
--- With mode `"r"` the array is read-only. With mode `"rw"` the system writes changes of the array to the file, at
--- the latest when the array is closed or collected; after `flush` they survive a power failure. `dynarray.memory`
--- does not count these bytes. `save` makes a new file: if you save a mapped array under its own path, the array
--- still is the old file.
---
--- Other processes may change the file. If one writes to it, elements may change at any moment, even during a call; the
--- result of that call may then be anything, but it reads and writes nothing else. If one makes the file shorter, the
--- next access to what is gone ends this process (SIGBUS). A write to a hole of the file on a full disk would do the
--- same; therefore `"rw"` reserves the disk space first if the file system can do that, and fails if there is none.
---
--- **Cost**: O(1), whatever the size.
---
--- **Errors**: `path with a zero byte`, `mode expected r or rw, got "w"`, *memory*. Returns nil and a message as
--- `load` does.
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

--- An array that is a `.npy` file. It grows on the disk by its growth policy, and outlives the process.
--- If there is no file, `open` makes one. While the array is open, no other array can write to the file. If the
--- process is killed, the next `open` finds every element that `append` or another method had stored. After a power
--- failure it finds what was there at the last `flush`. `close`, the collector and the end of the Lua state leave the
--- bytes that `save` would write. Other programs can read the file at any time: for them it has the elements of the
--- last `flush`. The page `docs/files.md` tells the rest.
---
--- With `mode = "r"` the array is read-only. Another process may be writing to the file: `#a` and the elements are
--- always the present ones.
---
--- **Cost**: O(1), whatever the size. `append` costs what it costs in memory; a growth copies nothing.
---
--- **Errors**: those of `dynarray.file_options`, *memory*, `path with a zero byte`. Returns nil and a message if the
--- file cannot be opened, has elements of another type, is not an array, is damaged, or another array is writing to
--- it. The file then is as it was. A symbolic link is followed; one that leads to no file is an error. If the disk is
--- full, a growth is an error: `file cannot have room for 17 elements: No space left on device`.
---
--- ```lua
--- local path = os.tmpname()
--- local log = dynarray.open(path, "float64")
--- log:append(1.5, 2.5):flush()     --> dynarray<float64>(size 2, capacity 16): 1.5, 2.5
--- log.block                        --> file
--- log:close()                      --> true
--- dynarray.load(path)              --> dynarray<float64>(size 2, capacity 2): 1.5, 2.5
--- local _, message = dynarray.open(path, "int8")
--- message:match("elements.*")      --> elements of type float64, wanted int8
--- os.remove(path)
--- ```
---@param path string
---@param options? dynarray.type|dynarray.file_options
---@return dynarray? a
---@return string? message
---@return integer? code
function dynarray.open(path, options) end

--- Reads columns of numbers from lines of text, and returns an array for each column. `source` is a path; or a file, or
--- anything else whose method `read` works as a file's; or the text itself, a string with a line feed in it. A number
--- is rounded to the nearest one of the element type; `inf` and `nan` are numbers. Empty lines are skipped, and so is a
--- byte order mark of UTF-8 at the beginning. The options:
---
--- * `type`: the element type of all columns, or a table with one for each; `"float64"` by default
--- * `columns`: how many columns there are, or a table of the numbers or names of those that you want, at most 200; by
---   default as many as the first line has. Fields of the other columns may contain anything, also text in quotes.
--- * `separator`: one character; by default a comma if the first line has one, otherwise white space
--- * `header`: true if the first line has the names of the columns
--- * `skip`: how many lines to skip before that
--- * `comment`: one character; from there on, the rest of a line is ignored
--- * `missing`: the number for a field that is empty or no number; without it, such a field is an error
---
--- **Cost**: O(bytes), in one pass, by blocks of 64 KiB.
---
--- **Errors**: `x.csv: line 2, column 3: "x" is not a number (missing = ... puts a number there ...)`, `x.csv: line 2
--- has 1 fields, wanted 2`, `no column is named 'z'`, those of the options, *memory*, `x.csv: cannot read the file: Is
--- a directory`. They name the file if `source` is a path. Returns nil, a message and a code if the file cannot be
--- opened.
---
--- ```lua
--- local x, y = dynarray.read("x,y\n1,2.5\n3,4\n", { header = true })
--- x    --> dynarray<float64>(size 2, capacity 16): 1.0, 3.0
--- dynarray.read("1 a 2\n3 b 4\n", { columns = { 3 }, type = "int8" })    --> dynarray<int8>(size 2, capacity 16): 2, 4
--- dynarray.read("1,x\n")    --> error: line 1, column 2: "x" is not a number (header = true skips a line ...
--- ```
---@param source any A path, a file or the text
---@param options? table
---@return dynarray? ... One for each column
function dynarray.read(source, options) end

--- Writes the array as a column of text, and more arrays of the same size as more columns. Each number has as few
--- digits as are needed to read the same number back. `target` is a path, where a new file replaces the old one once
--- it is whole, as with `save`; or a file, or anything else whose method `write` works as a file's. The last argument
--- may be a table of options: `separator`, one character, a comma by default; and `header`, the first line.
---
--- **Cost**: O(n), by blocks of 64 KiB.
---
--- **Errors**: *self*, *numeric*, `operands differ: int32 of size 3, int8 of size 2`, those of the options, *memory*.
--- Returns nil, a message and a code if the file cannot be written.
---
--- ```lua
--- local text = {}
--- local file = { write = function(self, s) text[#text + 1] = s return self end }
--- dynarray.from({ 0.1, 2 }, "float64"):write(file, dynarray.range(7, 8), { header = "x,y" })
--- (table.concat(text):gsub("\n", "|"))    --> x,y|0.1,7|2,8|
--- ```
---@param target any A path or a file
---@param ... dynarray|table More columns, and options
---@return dynarray? a
function a:write(target, ...) end

--- Memory.
-- @section memory

--- A table of figures about the memory of all arrays in this Lua state.
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

--- Sets the most bytes that the arrays of this Lua state may hold together, and returns the limit before the call.
--- Without an argument it only returns the limit. An array that would pass the limit first starts a full garbage
--- collection; if that does not help, the growth is an error. If a policy asks for more than is left, it gets what is
--- left, as long as that is enough.
---
--- The limit is for `dynarray.memory().bytes`. Blocks in the userdata itself (up to 256 bytes) do not count. While a
--- growth copies, the old block and the new one exist together; `dynarray.memory().peak` counts both and may be above
--- the limit.
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

--- Sets when arrays start the garbage collector, and how much freed memory is kept. Returns the settings before the
--- call.
---
--- A full collection starts when the bytes in arrays have grown by (`pause` - 100) percent of a base since the last
--- one, but by 24 MiB at least (with musl's C library: 16 MiB). The base is what arrays held after the last
--- collection, or the memory of Lua itself, whichever is larger. If you stop the collector, it stays stopped.
---
--- `keep` is how many bytes of freed blocks are kept for the next arrays. The last freed block of at most 64 KiB is
--- kept for an array that needs a block of the same size, so a result that is closed at once needs no new memory. If
--- `keep` is 2 MiB or more, the last blocks of pages are kept as well, `keep` bytes at most together, and their pages
--- need not be made again: appends to one array after another then take a fifth of the time. A growing array that
--- takes such a block has the part that it does not need yet on loan. `dynarray.memory().kept` tells how much is kept,
--- loans included. Kept memory is given back when `dynarray.limit` is set or would be passed, when `keep` becomes less,
--- and before an array is refused memory. When the system needs memory, it may take back the huge pages, but not the
--- small ones.
---
--- **Cost**: O(1).
---
--- **Errors**: `unknown option 'x' (known: keep, off, pause)`, `pause 50 out of range (110 to 1000)`, `off expected a
--- boolean, got number`, `keep expected an integer >= 0, got -1`.
---
--- ```lua
--- local before = dynarray.collector{ pause = 300 }
--- before.pause, before.off, before.keep                --> 200 false 16777216
--- dynarray.collector(before).pause                     --> 300
--- dynarray.collector{ pause = 50 }
--- --> error: bad argument #1 to 'collector' (pause 50 out of range (110 to 1000))
--- ```
---@param settings? dynarray.pacing
---@return dynarray.pacing
function dynarray.collector(settings) end

--- Instruments.
-- They measure what a loop in Lua would hide; `dynarray.lab` is built on them. If the module was compiled without a
-- clock or without files, they raise an error or tell less.
-- @section instruments

--- Reads the monotonic clock: nanoseconds since some moment in the past.
---
--- **Cost**: O(1); 20 ns if the system can read it without a system call.
---
--- **Errors**: `this system has no monotonic clock`.
---
--- ```lua
--- local before = dynarray.probe.clock()
--- dynarray.probe.clock() >= before                  --> true
--- ```
---@return integer
function probe.clock() end

--- A table of figures about the memory of this process.
---
--- **Cost**: some system calls, one of which walks over the page tables: 20 us and more.
---
--- **Errors**: *memory*. A figure that cannot be read is nil.
---
--- ```lua
--- local before = dynarray.probe.memory()
--- local a = dynarray.filled(1e6, 1, "float64")
--- dynarray.probe.memory().resident - before.resident > 7e6     --> true
--- ```
---@return dynarray.process
function probe.memory() end

--- Sets `peak` of `memory` to what is resident now. Returns whether the system can do that; Linux can.
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

--- Appends the numbers 1 to `n`, one by one, and returns how many nanoseconds that took.
--- Each append does what it does in a C program: it compares size and capacity, stores the number, and stores the new
--- size. A full array grows as it does in a script: by its policy, within its limits, seen by its observer. If `m` is
--- the largest integer of the element type, the number `i` is appended as `i % (m + 1)`, so that the numbers start
--- again from 0. `times[i]` becomes the nanoseconds from the end of append `i - 1` to the end of append `i`, with one
--- reading of the clock. A `"uint32"` array holds times up to 4.29 seconds.
---
--- **Cost**: amortised O(n); a growth allocates.
---
--- **Errors**: *self*, *write*, `this system has no monotonic clock`, `n -1 out of range (0 to 281474976710656)`,
--- `times expected an array that is neither read-only nor a view`, `uint32 or int64 array expected, got a value
--- array`, `times expected another array than the one that grows`, `times has size 1, needed 2`; *growth*, with the
--- number of the append that failed. The array then is as it was, unless a callback changed it; `times` has changed.
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

--- Reads `steps` elements of an `"int64"` array, beginning with the first. Each element is the index of the next one
--- to read, so no read can begin before the last one ends, and the time is that of the memory or the cache. Returns
--- the nanoseconds and the last index. All indices are checked before the first read.
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

--- Calls a C function `count` times that has an array of 4096 bytes on C's stack and writes its first element. Returns
--- the nanoseconds, and an address beside it on the stack: to be compared with that of an array of Lua (`a:pointer()`).
---
--- **Cost**: O(count).
---
--- **Errors**: `this system has no monotonic clock`, `count -1 out of range (0 to 9223372036854775807)`.
---
--- ```lua
--- local ns, address = dynarray.probe.stack(1000)
--- ns < 1e9, address ~= 0           --> true true
--- ```
---@param count integer
---@return integer ns
---@return integer address
function probe.stack(count) end

--- Measures how long the instruments themselves take: medians of 31 rounds, in nanoseconds.
---
--- **Cost**: some milliseconds, and 16 KiB of memory meanwhile.
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

--- `a[i]`: the element at `i`. `a.name`: a method or a field, or nil if there is none of that name.
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
--- **Errors**: *index*, *element*, *write*; *growth* and *size* if a sequence appends or removes; those of fields.
---
--- ```lua
--- local a = dynarray.from({ 1, 2 }, "uint8")
--- a[1] = 255
--- a[1]          --> 255
--- a[3] = 1      --> error: index 3 out of bounds (size 2): append adds ...
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

--- `pairs(a)`: indices and elements from 1 to `#a`, also elements that are nil.
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

--- `a == b`: whether both arrays have the same type and size, and equal elements, by `==`.
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

--- `a + b`: a new array of sums. One of the two may be a number. Two integer types give the smallest type that holds
--- the numbers of both (`int64` if one is `uint64`); other different types give `float64`. A number has the type of
--- the array, but a fraction with an array of integers gives `float64`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `add`, `attempt to perform arithmetic on a dynarray and a string value`, *memory*.
---
--- ```lua
--- local a = dynarray.from({ 1, 2 }, "float64")
--- a + a      --> dynarray<float64>(size 2, capacity 2): 2.0, 4.0
--- 1 + a      --> dynarray<float64>(size 2, capacity 2): 2.0, 3.0
--- a + dynarray.from({ 3, 4 }, "int8")      --> dynarray<float64>(size 2, capacity 2): 4.0, 6.0
--- dynarray.from({ 3, 4 }, "int8") + 0.5    --> dynarray<float64>(size 2, capacity 2): 3.5, 4.5
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
--- dynarray.from({ 1, 100 }, "int8") * 3
--- --> error: 100 * 3 does not fit into int8 (-128 to 127) at index 2: astype gives another type
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__mul(a, b) end

--- `a / b`: a new array of quotients, as `a + b`. Integers give an array of float64, as Lua's `/` gives floats.
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

--- `tostring(a)`: type, size, capacity and the first eight elements. A string is quoted, and cut after 32 bytes.
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

--- A table of all elements, as by `totable`. Packages that write values as text ask for it, such as Serpent.
---
--- **Cost**: O(n).
---
--- **Errors**: *self*, *memory*.
---
--- ```lua
--- #debug.getmetatable(dynarray.of(1)).__serialize(dynarray.of(4, 5))    --> 2
--- ```
---@param a dynarray
---@return table
function metamethods.__serialize(a) end

--- `local a <close> = ...`: closes the array at the end of the scope, as `a:close()` does.
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

--- The garbage collector calls it: frees the block.
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


--- `a % b`: a new array of remainders, with the sign of the divisor, as `a + b`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, a modulo by the integer zero.
---
--- ```lua
--- dynarray.from({ 7, -7 }, "int8") % 4    --> dynarray<int8>(size 2, capacity 2): 3, 1
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__mod(a, b) end


--- `a // b`: a new array of quotients rounded down, as `a + b`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform 'n//0' at index 2`.
---
--- ```lua
--- dynarray.from({ 7, -7 }, "int8") // 4    --> dynarray<int8>(size 2, capacity 2): 1, -2
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__idiv(a, b) end


--- `a ^ b`: a new array of powers; integers give `float64`, as `a + b`.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`.
---
--- ```lua
--- dynarray.from({ 1, 3 }, "int8") ^ 2    --> dynarray<float64>(size 2, capacity 2): 1.0, 9.0
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__pow(a, b) end


--- `a & b`: a new array of the bits that are set in both, as `a + b`. For integers only.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform bitwise operation on an array of float64`.
---
--- ```lua
--- dynarray.from({ 6, 3 }, "uint8") & 2    --> dynarray<uint8>(size 2, capacity 2): 2, 2
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__band(a, b) end


--- `a | b`: a new array of the bits that are set in at least one, as `a + b`. For integers only.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform bitwise operation on an array of float64`.
---
--- ```lua
--- dynarray.from({ 6, 3 }, "uint8") | 1    --> dynarray<uint8>(size 2, capacity 2): 7, 3
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__bor(a, b) end


--- `a ~ b`: a new array of the bits that are set in exactly one, as `a + b`. For integers only.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform bitwise operation on an array of float64`.
---
--- ```lua
--- dynarray.from({ 6, 3 }, "uint8") ~ 1    --> dynarray<uint8>(size 2, capacity 2): 7, 2
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__bxor(a, b) end


--- `a << b`: a new array of bits shifted to the left, as `a + b`. For integers only. An element has as many bits as its
--- type; bits that leave it are lost.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform bitwise operation on an array of float64`.
---
--- ```lua
--- dynarray.from({ 1, 255 }, "uint8") << 1    --> dynarray<uint8>(size 2, capacity 2): 2, 254
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__shl(a, b) end


--- `a >> b`: a new array of bits shifted to the right, as `a + b`. For integers only. An element has as many bits as
--- its type; bits that leave it are lost.
---
--- **Cost**: O(n).
---
--- **Errors**: as `a + b`, `attempt to perform bitwise operation on an array of float64`.
---
--- ```lua
--- dynarray.from({ -1, 4 }, "int8") >> 1    --> dynarray<int8>(size 2, capacity 2): 127, 2
--- ```
---@param a dynarray|number
---@param b dynarray|number
---@return dynarray
function metamethods.__shr(a, b) end


--- `-a`: a new array of the negated elements, with the same type.
---
--- **Cost**: O(n).
---
--- **Errors**: *numeric*, `128 does not fit into int8 (-128 to 127) at index 1`, *memory*.
---
--- ```lua
--- -dynarray.from({ 1, -2 }, "int8")    --> dynarray<int8>(size 2, capacity 2): -1, 2
--- ```
---@param a dynarray
---@return dynarray
function metamethods.__unm(a) end


--- `~a`: a new array of integers with all bits inverted, with the same type.
---
--- **Cost**: O(n).
---
--- **Errors**: *numeric*, `128 does not fit into int8 (-128 to 127) at index 1`, *memory*.
---
--- ```lua
--- ~dynarray.from({ 1, 255 }, "uint8")    --> dynarray<uint8>(size 2, capacity 2): 254, 0
--- ```
---@param a dynarray
---@return dynarray
function metamethods.__bnot(a) end

return dynarray