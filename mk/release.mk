# Releases: a tarball, a rock, a Debian package, and what a new version changed for programs that are compiled.

# The address of the project's page, for packages. Packages made without one name no page.
HOMEPAGE ?=
# Where LuaRocks finds the release's tarball. Without HOMEPAGE: beside the rockspec, in the folder where luarocks starts.
SOURCE_URL ?= $(if $(HOMEPAGE),$(HOMEPAGE)/releases/download/v$(version)/)$(tarball)
# Who answers for the Debian packages: a name and an address that exists. This one does not.
MAINTAINER ?= dynarray's authors <dynarray@example.org>

# LuaRocks, if not the one in PATH: the path of its command.
LUAROCKS ?= luarocks

tarball = dynarray-$(version).tar.gz
dist    = build/dist

dist: | $(first) ## the release's tarball, of the last commit: build/dist/dynarray-VERSION.tar.gz
	@LUA='$(LUA)' scripts/dist.sh $(version) $(dist)/$(tarball)

distcheck: dist ## build, test (ARGS goes to busted), install and uninstall from the tarball, elsewhere
	@LUA='$(LUA)' scripts/distcheck.sh $(dist)/$(tarball) '$(ARGS)'

rock: dist ## the rockspec and the source rock, build/dist/dynarray-VERSION-1.src.rock, and a try of it
	@LUA='$(LUA)' LUA_VERSION=$(LUA_VERSION) LUAROCKS='$(LUAROCKS)' scripts/rock.sh $(version) $(dist)/$(tarball) '$(HOMEPAGE)' '$(SOURCE_URL)'

deb: dist ## Debian packages in build/deb, looked at by lintian
	@MAINTAINER="$(MAINTAINER)" scripts/deb.sh $(version) $(dist)/$(tarball) '$(HOMEPAGE)' build/deb

# The last version, or BASE: any commit.
abi: | $(first) ## what changed for compiled programs since the last tag (BASE: since that commit), by abidiff
	@scripts/abi.sh '$(BASE)'

version: ## give the sources a version and CHANGELOG a section for it: VERSION=0.2.0
	@scripts/version.sh '$(VERSION)'
