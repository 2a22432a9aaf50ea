-- `make install`, and programs built against what it put there.
local build = require "support.build"
local needs = require "support.needs"

local output = build.output
local here = output("pwd")
local root = here .. "/build/spec/install"
local prefix = root .. "/prefix"

-- Its own make: neither jobs nor variables of the one that runs the specs.
local function make(arguments)
  local said = output(("env -u MAKEFLAGS -u MAKELEVEL make %s 2>&1 || echo failed"):format(arguments))
  assert(not said:find "failed$", said)
  return said
end

local function lines(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do
    list[#list + 1] = line
  end
  table.sort(list)
  return list
end

local function files(directory)
  return lines(output(("cd '%s' && find . ! -type d"):format(directory)))
end

-- Names that nm lists as defined.
local function symbols(options, library)
  return lines(output(("nm %s --defined-only '%s/lib/%s' | awk 'NF == 3 { print $3 }'")
    :format(options, prefix, library)))
end

local documented = {}
for _, header in ipairs { "dynarray", "dynarray_lua" } do
  for line in io.lines(("src/include/%s.h"):format(header)) do
    documented[#documented + 1] = line:match "^DYNARRAY_API.-([%w_]+)%("
  end
end
table.sort(documented)

local version = output [[sed -n 's/^#define DYNARRAY_VERSION "\(.*\)"/\1/p' src/include/dynarray.h]]
local soname = "libdynarray.so." .. version:match "^%d+"

setup(function()
  os.execute(("rm -rf '%s' && mkdir -p '%s'"):format(root, root))
  make(("install PREFIX='%s'"):format(prefix))
end)

describe("make build", function()
  it("says in the end that all is built, and how to see it, but not again if there was nothing to do", function()
    assert(os.remove "build/release/built")
    local said = make "build"
    assert.truthy(said:find("^built: dynarray.so libdynarray.a "), said)
    assert.equal("5.5", (output(assert(said:match "\ntry:   (.-)\n?$", said)):gsub("%s+$", "")))
    assert.equal("", make "build")
  end)
end)

describe("make install", function()
  local staged = root .. "/staged"

  local function expected()
    local list = {
      "./usr/lib/libdynarray.a",
      "./usr/lib/libdynarray.so",
      "./usr/lib/" .. soname,
      "./usr/lib/libdynarray.so." .. version,
      "./usr/lib/lua/5.4/dynarray.so",
      "./usr/lib/pkgconfig/dynarray.pc",
      "./usr/include/dynarray.h",
      "./usr/include/dynarray_lua.h",
      "./usr/share/doc/dynarray/CHANGELOG.md",
      "./usr/share/doc/dynarray/CONTRIBUTING.md",
      "./usr/share/doc/dynarray/LICENSE",
      "./usr/share/doc/dynarray/README.md",
      "./usr/share/doc/dynarray/SECURITY.md",
    }
    local places = { lua = "share/lua/5.4", bin = "bin", docs = "share/doc/dynarray/docs",
      examples = "share/doc/dynarray/examples" }
    for from, place in pairs(places) do
      for _, path in ipairs(lines(output(("find %s -type f ! -name '*.ld'"):format(from)))) do
        list[#list + 1] = ("./usr/%s%s"):format(place, path:sub(#from + 1))
      end
    end
    table.sort(list)
    return list
  end

  it("puts everything below DESTDIR, and uninstall takes it away", function()
    make(("install DESTDIR='%s' PREFIX=/usr"):format(staged))
    assert.same(expected(), files(staged))
    assert.equal("prefix=/usr", output(("head -n 1 '%s/usr/lib/pkgconfig/dynarray.pc'"):format(staged)))
    make(("uninstall DESTDIR='%s' PREFIX=/usr"):format(staged))
    assert.same({}, files(staged))
    assert.equal("", output(("find '%s' -name '*dynarray*'"):format(staged)))
  end)

  it("leaves what others put there", function()
    make(("install-lua DESTDIR='%s' PREFIX=/usr"):format(staged))
    for _, path in ipairs { "share/lua/5.4/dynarray/mine.lua", "share/lua/5.4/other.lua", "lib/lua/5.4/other.so" } do
      assert(io.open(("%s/usr/%s"):format(staged, path), "w")):close()
    end
    make(("uninstall DESTDIR='%s' PREFIX=/usr"):format(staged))
    assert.same({ "./usr/lib/lua/5.4/other.so", "./usr/share/lua/5.4/dynarray/mine.lua",
      "./usr/share/lua/5.4/other.lua" }, files(staged))
  end)

  it("and uninstall keep to the one directory whose name has spaces and more", function()
    local odd = root .. "/a & b|c"
    assert(os.execute(("mkdir -p '%s/a'"):format(root)))
    make(("install PREFIX='%s'"):format(odd))
    assert.equal(("-I%s/include -L%s/lib -ldynarray"):format(odd, odd), (output(
      ("PKG_CONFIG_PATH='%s/lib/pkgconfig' pkg-config --cflags --libs dynarray | tr -d '\\\\'"):format(odd))
      :gsub("%s+$", "")))
    make(("uninstall PREFIX='%s'"):format(odd))
    assert.same({}, files(odd))
    assert.equal("", output(("find '%s' -name '*dynarray*'"):format(odd)))
    assert.equal(root .. "/a", output(("ls -d '%s/a'"):format(root)))
  end)

  it("puts each part where it is told to", function()
    make(("install DESTDIR='%s/parts' PREFIX=/opt LIBDIR=/lib64 LUA_DIR=/lua LUA_CDIR=/clua DOCDIR=/doc "
      .. "INCLUDEDIR=/inc"):format(root))
    assert.equal("clua doc inc lib64 lua", (output(("ls '%s/parts' | grep -v opt"):format(root)):gsub("\n", " ")))
    assert.equal("libdir=/lib64\nincludedir=/inc",
      output(("sed -n 2,3p '%s/parts/lib64/pkgconfig/dynarray.pc'"):format(root)))
  end)
end)

describe("the installed module", function()
  it("is what require finds, wherever it is called", function()
    local script = [[
      local dynarray = require "dynarray"
      print(dynarray.version, dynarray.of(1, 2, 3):sum(), package.searchpath("dynarray", package.cpath))
    ]]
    local paths = ("LUA_PATH='%s/share/lua/5.4/?.lua' LUA_CPATH='%s/lib/lua/5.4/?.so'"):format(prefix, prefix)
    local said = output(("cd / && %s lua5.4 -e '%s' 2>&1"):format(paths, script))
    assert.equal(("%s\t6\t%s/lib/lua/5.4/dynarray.so"):format(version, prefix), said)
  end)

  it("is what the installed program runs on", function()
    local said = output(("cd / && env -u LUA_PATH -u LUA_CPATH '%s/bin/dynarray-lab' list 2>&1; echo status $?")
      :format(prefix))
    assert.truthy(said:find "\nstatus 0$", said)
  end)

  it("exports the function that require calls, and nothing else", function()
    assert.same({ "luaopen_dynarray" }, symbols("-D", "lua/5.4/dynarray.so"))
  end)
end)

describe("the libraries", function()
  it("libdynarray.so exports what the headers declare, and nothing else", function()
    assert.is_true(#documented > 20)
    assert.same(documented, symbols("-D", "libdynarray.so"))
  end)

  it("libdynarray.a has no names that could be another library's", function()
    local found = {}
    for _, name in ipairs(symbols("--extern-only", "libdynarray.a")) do
      found[name] = true
      assert.truthy(name:find "^dynarray_" or name == "luaopen_dynarray", name)
    end
    for _, name in ipairs(documented) do
      assert.is_true(found[name], name)
    end
  end)

  it("have one version everywhere", function()
    local major, minor, patch = version:match "^(%d+)%.(%d+)%.(%d+)$"
    assert.equal(major * 10000 + minor * 100 + patch,
      tonumber(output "sed -n 's/^#define DYNARRAY_VERSION_NUMBER \\([0-9]*\\).*/\\1/p' src/include/dynarray.h"))
    assert.equal(version, output(("grep Version '%s/lib/pkgconfig/dynarray.pc'"):format(prefix)):match "%S+$")
    assert.truthy(output(("readelf -d '%s/lib/libdynarray.so'"):format(prefix)):find(("soname: [%s]"):format(soname), 1,
      true))
  end)
end)

-- Of a copy: what a release would change here.
describe("make version", function()
  local copy = root .. "/version"

  setup(function()
    assert(os.execute(("mkdir -p '%s/src' '%s/lua' && cp -R Makefile mk scripts CHANGELOG.md '%s' && cp -R src '%s'"
      .. " && cp -R lua/dynarray '%s/lua'"):format(copy, copy, copy, copy, copy)))
  end)

  it("gives the header, the reference and CHANGELOG the version", function()
    make(("-C '%s' version VERSION=12.3.4"):format(copy))
    assert.equal('#define DYNARRAY_VERSION "12.3.4"\n#define DYNARRAY_VERSION_NUMBER 120304',
      (output(("grep '^#define DYNARRAY_VERSION' '%s/src/include/dynarray.h'"):format(copy)):gsub(" /%*.*", "")))
    assert.truthy(output(("grep 12.3.4 '%s/lua/dynarray/meta.lua'"):format(copy))
      :find "dynarray.version +%-%-> 12%.3%.4")
    assert.truthy(output(("head -n 12 '%s/CHANGELOG.md'"):format(copy)):find(
      "\n## %[Unreleased%]\n\n## %[12%.3%.4%] %- %d%d%d%d%-%d%d%-%d%d\n"))
    assert.equal("12.3.4", output(("make -s -C '%s' -f Makefile -f - show <<'END'\nshow:\n\t@echo $(version)\nEND")
      :format(copy)))
  end)

  it("wants one", function()
    assert.truthy(output(("env -u MAKEFLAGS make -s -C '%s' version VERSION=next 2>&1"):format(copy))
      :find("version: which one? make version VERSION=1.2.3", 1, true))
  end)
end)

describe("make rock", function()
  local function last_command(variables)
    return output(("env -u MAKEFLAGS -u HOMEPAGE -u SOURCE_URL make -n rock %s | grep rock.sh"):format(variables))
  end
  local tarball = ("dynarray-%s.tar.gz"):format(version)

  it("names no page and no address unless HOMEPAGE does", function()
    local nothing, page = last_command "", last_command "HOMEPAGE=https://home.test/d"
    assert.truthy(nothing:find((" '' '%s'"):format(tarball), 1, true), nothing)
    assert.truthy(page:find((" 'https://home.test/d' 'https://home.test/d/releases/download/v%s/%s'"):format(version,
      tarball), 1, true), page)
  end)
end)

describe("luarocks make", function()
  it("installs what it built, and does not compile it anew with other settings", function()
    local rockspec = {}
    assert(loadfile("dynarray-scm-1.rockspec", "t", rockspec))()
    for name, value in pairs(rockspec.build.build_variables) do
      assert.equal(value, rockspec.build.install_variables[name], name)
    end
  end)
end)

describe("a program", function()
  -- What it says and which of our libraries it wants at run time. eval: pkg-config quotes the spaces of a path.
  local function run(compiler, language, source, linking, packages)
    local flags = ("$(PKG_CONFIG_PATH='%s/lib/pkgconfig' pkg-config %s --cflags --libs %s)"):format(prefix,
      linking == "statically" and "--static" or "", packages)
    local program = ("%s/program"):format(root)
    -- glibc's remark on liblua, which can load modules, is none of ours
    local said = output(("eval \"%s -x %s -O1 -Wall -Wextra -Wpedantic -Werror spec/support/%s.c %s -o '%s' %s\" 2>&1 "
      .. "| grep -v 'dlopen\\|loadlib'"):format(compiler, language, source, linking == "statically" and "-static" or "",
      program, flags))
    assert.equal("", said)
    local needed = "s/.*NEEDED.*\\[\\(.*\\)]/\\1/p"
    local wants = output(("readelf -d '%s' | sed -n '%s' | grep 'dynarray\\|lua'"):format(program, needed))
    return output(("LD_LIBRARY_PATH='%s/lib' '%s' 2>&1; echo status $?"):format(prefix, program)), wants
  end

  for _, compiler in ipairs { { "gcc", "c -std=c11" }, { "clang", "c -std=c11" }, { "g++", "c++ -std=c++17" },
    { "clang++", "c++ -std=c++17" } } do
    for _, linking in ipairs { "dynamically", "statically" } do
      local how = ("%s, linked %s"):format(compiler[1], linking)

      it("without Lua needs none: " .. how, function()
        needs.commands(compiler[1])
        local said, wants = run(compiler[1], compiler[2], "program", linking, "dynarray")
        assert.equal(version .. ": 499500, 13 growths\nstatus 0", said)
        assert.equal(linking == "dynamically" and soname or "", wants)
      end)

      it("with a lua_State opens the module: " .. how, function()
        needs.commands(compiler[1])
        local said, wants = run(compiler[1], compiler[2], "embed", linking, "dynarray lua5.4")
        assert.equal("10100\t50009950\t1\n10101\nstatus 0", said)
        assert.equal(linking == "dynamically" and soname or nil, wants:match(soname .. "%f[\n]"))
        assert.equal(linking == "dynamically", wants:find "liblua" ~= nil)
      end)
    end
  end
end)

describe("examples/program", function()
  it("is compiled as docs/c-api.md says, and tells the median of numbers", function()
    local program = root .. "/median"
    local said = output(("eval \"cc -std=c11 -Wall -Wextra -Werror examples/program/median.c -o '%s' -static "
      .. "$(PKG_CONFIG_PATH='%s/lib/pkgconfig' pkg-config --static --cflags --libs dynarray)\" 2>&1"):format(program,
      prefix))
    assert.equal("", said)
    local function median(numbers) return output(("'%s' %s"):format(program, numbers)) end
    assert.equal("3 numbers, median 2", median "3 1 2")
    assert.equal("4 numbers, median 2.5", median "4 1 nan 2 3")
    assert.equal("1000 numbers, median 500.5", median "$(seq 1 1000)")
    assert.equal("", median "")
  end)
end)
