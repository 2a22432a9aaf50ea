# programs.sh: how each program runs the script, for check.sh, which reads this file. $script is the script, $place a directory
# that all users may write to.
# shellcheck shell=sh disable=SC2154  # which check.sh sets

port=$((20000 + $$ % 10000))

run_apache2() {
    write apache.lua <<END
function handle(r)
  dofile "$script"
  r:puts "done"
  return apache2.OK
end
END
    write apache.conf <<END
ServerRoot $place
DefaultRuntimeDir $place
ServerName localhost
Listen 127.0.0.1:$port
PidFile $place/apache.pid
ErrorLog /dev/stderr
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule lua_module /usr/lib/apache2/modules/mod_lua.so
User www-data
Group www-data
LuaMapHandler /try $place/apache.lua
END
    serve "apache2 -D FOREGROUND -f $place/apache.conf" \
        "exec 3<>/dev/tcp/127.0.0.1/$port; printf 'GET /try HTTP/1.0\r\n\r\n' >&3; cat <&3"
}

# It loads plugins for themselves alone, and with `Globals` so that all see their libraries.
collectd_conf() { # Globals
    mkdir -p "$place/collectd"
    write collectd.lua <<END
dofile "$script"
END
    write collectd.conf <<END
BaseDir "$place/collectd"
PIDFile "$place/collectd/pid"
TypesDB "/usr/share/collectd/types.db"
<LoadPlugin lua>
  Globals $1
</LoadPlugin>
<Plugin lua>
  BasePath "$place"
  Script "collectd.lua"
</Plugin>
END
}
run_collectd() {
    collectd_conf false
    limit collectd -T -C "$place/collectd.conf"
    serve "collectd -f -C $place/collectd.conf" "exit"
}
run_collectd_globals() {
    collectd_conf true
    serve "collectd -f -C $place/collectd.conf"
}

run_conky() {
    write conky.conf <<END
conky.config = { out_to_x = false, out_to_console = true, total_run_times = 1, update_interval = 0.1, lua_load = "$script" }
conky.text = "text"
END
    limit conky -c "$place/conky.conf"
}

run_darktable() { # which runs scripts without its window, too, if it has a picture
    { echo P6 8 8 255; head -c 192 /dev/zero; } >"$place/picture.ppm"
    limit darktable-cli "$place/picture.ppm" "$place/picture.png" --core --configdir "$place/darktable" \
        --library :memory: --luacmd "dofile '$script'"
}

run_dnsmasq() {
    serve "dnsmasq --keep-in-foreground --log-facility=- --conf-file=/dev/null --port=0 --user=root --interface=lo \
        --pid-file=$place/dnsmasq.pid --dhcp-leasefile=$place/leases --dhcp-range=127.0.0.2,127.0.0.3 \
        --dhcp-luascript=$script"
}

run_dovecot() {
    write dovecot.lua <<END
function auth_passdb_lookup(request)
  dofile "$script"
  return dovecot.auth.PASSDB_RESULT_OK, "password=word"
end
END
    write dovecot.conf <<END
protocols =
base_dir = $place/dovecot
log_path = /dev/stderr
ssl = no
service auth {
  user = root
}
passdb {
  driver = lua
  args = file=$place/dovecot.lua
}
userdb {
  driver = static
  args = uid=1000 gid=1000 home=/tmp
}
END
    serve "dovecot -F -c $place/dovecot.conf" "doveadm -c $place/dovecot.conf auth test somebody word"
}

run_gnuplot() { # which draws by a script
    printf 'set terminal lua "%s"\n' "$script" | limit gnuplot
}

run_lsyncd() {
    write lsyncd.conf.lua <<END
dofile "$script"
os.exit(0)
END
    limit lsyncd -nodaemon "$place/lsyncd.conf.lua"
}

run_nbdkit() {
    write nbdkit.lua <<END
dofile "$script"
function open(readonly) return 1 end
function get_size(h) return 512 end
function pread(h, count, offset) return ("\\0"):rep(count) end
END
    limit nbdkit -U - lua script="$place/nbdkit.lua" --run true
}

run_neomutt() {
    HOME=$place limit neomutt -n -F /dev/null -e "lua-source $script" -Q folder
}

run_nmap() {
    write try.nse <<END
description = "a million numbers"
categories = { "safe" }
prerule = function() return true end
action = function() dofile "$script" end
END
    limit nmap --script "$place/try.nse"
}

run_pandoc() {
    echo text | limit pandoc --lua-filter="$script"
}

run_postgres() { # which root may not start
    as=
    [ "$(id -u)" -ne 0 ] || as="runuser -u postgres --"
    for bin in /usr/lib/postgresql/*/bin; do :; done # the last one
    # shellcheck disable=SC2086  # words
    (
        cd "$place" || exit
        $as "$bin/initdb" -D "$place/db" -A trust -U me
        $as "$bin/pg_ctl" -D "$place/db" -w -l "$place/postgres.server.log" -o "-k $place -c listen_addresses=''" start
        limit psql -h "$place" -U me -d postgres -c 'create extension plluau' -c "do 'dofile [[$script]]' language plluau" || :
        $as "$bin/pg_ctl" -D "$place/db" -m immediate stop
    )
}

run_prosody() {
    write mod_try.lua <<END
dofile "$script"
END
    write prosody.cfg.lua <<END
run_as_root = true
daemonize = false
pidfile = "$place/prosody.pid"
data_path = "$place"
plugin_paths = { "$place" }
modules_enabled = { "try" }
modules_disabled = { "c2s", "s2s" }
log = { info = "*console" }
VirtualHost "localhost"
END
    serve "prosody -F --config $place/prosody.cfg.lua"
}

# An input method. Its plugin runs rime.lua where its data is, and is loaded for itself alone.
rime() { # what rime.lua does first
    mkdir -p "$place/rime"
    write rime/rime.lua <<END
$1
dofile "$script"
END
    write rime.c <<END
#include <rime_api.h>
int main(int n, char **args) {
    RIME_STRUCT(RimeTraits, traits);
    traits.shared_data_dir = traits.user_data_dir = args[1];
    traits.distribution_name = traits.distribution_code_name = traits.distribution_version = traits.app_name = "try";
    rime_get_api()->setup(&traits);
    rime_get_api()->initialize(&traits);
    rime_get_api()->finalize();
    return n < 2;
}
END
    ${CC:-cc} -o "$place/rime/try" "$place/rime.c" -lrime
    limit "$place/rime/try" "$place/rime"
}
run_librime() { rime ''; }
run_librime_loadlib() { # the plugin's Lua library, loaded once more, for all
    rime 'package.loadlib("liblua" .. _VERSION:match "%d.*" .. ".so.0", "*")'
}

run_rpm() { limit rpm --eval "%{lua: dofile('$script')}"; }

run_texlua() { limit texlua "$script"; }

# Once it uses the search of TeX, it asks nothing else where modules are.
run_luatex() {
    write luatex.lua <<END
kpse.set_program_name "luatex"
dofile "$script"
END
    limit texlua "$place/luatex.lua"
}
run_luatex_clua() { # but it can be told
    CLUAINPUTS=$place/5.3 run_luatex
}

run_vis() { # an editor, which wants a terminal
    mkdir -p "$place/vis"
    write vis/visrc.lua <<END
dofile "$script"
os.exit(0)
END
    TERM=xterm VIS_PATH=$place/vis XDG_CONFIG_HOME=$place limit script -qec vis /dev/null
}

run_weechat() {
    limit weechat-headless -d "$place/weechat" -r "/lua load $script" -r /quit
}

# Another Lua gets the module for 5.4.
other_lua() { LUA_CPATH="$place/5.4/?.so" limit "$1" -e 'require "dynarray"' "$script"; }
run_lua51() { other_lua lua5.1; }
run_lua52() { other_lua lua5.2; }
run_luajit() { other_lua luajit; }

host apache2 apache2 apache2-bin
host collectd_globals collectd collectd-core
host conky conky conky-cli
host darktable darktable-cli darktable
host dnsmasq dnsmasq dnsmasq-base-lua
host dovecot /usr/lib/dovecot/modules/auth/libauthdb_lua.so dovecot-auth-lua
host gnuplot gnuplot gnuplot-nox
host librime_loadlib /usr/include/rime_api.h 'librime-plugin-lua, librime-dev'
host lsyncd lsyncd lsyncd
host luatex_clua texlua texlive-binaries
host nbdkit '/usr/lib/*/nbdkit/plugins/nbdkit-lua-plugin.so' nbdkit-plugin-lua
host neomutt neomutt neomutt
host nmap nmap nmap
host pandoc pandoc pandoc
host postgres '/usr/lib/postgresql/*/lib/pllua.so' 'postgresql-*-pllua'
host prosody prosody prosody
host rpm rpm rpm
host texlua texlua texlive-binaries
host vis vis vis
host weechat '/usr/lib/*/weechat/plugins/lua.so' weechat-lua

refuses collectd collectd collectd-core 'undefined symbol: lua_[a-z]*'
refuses librime /usr/include/rime_api.h 'librime-plugin-lua, librime-dev' 'undefined symbol: lua_[a-z]*'
refuses lua51 lua5.1 lua5.1 'undefined symbol: lua_[a-z]*'
refuses lua52 lua5.2 lua5.2 'undefined symbol: lua_[a-z]*'
refuses luajit luajit luajit 'undefined symbol: lua_[a-z]*'
refuses luatex texlua texlive-binaries "module 'dynarray' not found"
