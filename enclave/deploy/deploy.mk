# What an operator gets beside the programs: units, configuration, Debian packages.
sysconfdir	?= /etc
unitdir		?= $(prefix)/lib/systemd/system
deploy		= enclave/deploy
deploy_conf	= $(patsubst $(deploy)/etc/%,%,$(wildcard $(deploy)/etc/*/*.env))
# A file with the paths of this prefix, of mode 644 or as told.
define placed
	install -d $(dir $(2))
	sed 's,/usr/,$(prefix)/,g' $(1) >$(2)
	chmod $(or $(3),644) $(2)

endef

# Configuration that is there stays.
install-deploy:
	$(foreach u,$(notdir $(wildcard $(deploy)/systemd/*.service $(deploy)/systemd/*.target)),$(call placed,$(deploy)/systemd/$(u),$(DESTDIR)$(unitdir)/$(u)))
	$(foreach p,await-socket devnet-keys,$(call placed,$(deploy)/$(p),$(DESTDIR)$(prefix)/lib/sp1-private/$(p),755))
	install -D -m 755 -t $(DESTDIR)$(prefix)/lib/sp1-private/dstack $(deploy)/dstack/compose
	install -m 644 $(deploy)/dstack/Dockerfile $(deploy)/policy.json $(DESTDIR)$(prefix)/lib/sp1-private/dstack
	install -D -m 644 $(deploy)/systemd/sysusers.conf $(DESTDIR)$(prefix)/lib/sysusers.d/sp1-private.conf
	install -D -m 644 $(deploy)/systemd/tmpfiles.conf $(DESTDIR)$(prefix)/lib/tmpfiles.d/sp1-private.conf
	set -e; for f in $(deploy_conf); do to=$(DESTDIR)$(sysconfdir)/sp1-private/$$f; \
		[ -e $$to ] || install -D -m 644 $(deploy)/etc/$$f $$to; done
.PHONY: install-deploy

# Debian packages of what is built, in $(DEB).  They need no network, and are the same
# whoever builds them: their date is the changelog's.
DEB	?= $(B)/deb
version	= $(shell sed -n 's/^.define SP1_PRIVATE_VERSION.*"\(.*\)"/\1/p' share/base/version.h)
deb: all verifier
	+@$(sub) deb-built
# What is built already, by a test that must not build.
deb-built:
	@command -v dh >/dev/null && command -v dpkg-buildpackage >/dev/null || \
		{ echo 'deb: needs the packages debhelper and dpkg-dev' >&2; exit 1; }
	@head -n 1 $(deploy)/debian/changelog | grep -qF '($(version))' || \
		{ echo 'deb: the changelog is not of version $(version)' >&2; exit 1; }
	rm -rf $(DEB)
	mkdir -p $(DEB)/source
	cp -R $(deploy)/debian $(DEB)/source
	+cd $(DEB)/source && MAKEFLAGS= TOP='$(CURDIR)' BUILT='$(abspath $(B))' CC='$(CC)' \
		dpkg-buildpackage -b -us -uc -d >../log 2>&1 || { cat ../log >&2; exit 1; }
	rm -rf $(DEB)/source
	@ls $(DEB)/*.deb
.PHONY: deb deb-built
