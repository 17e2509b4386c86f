# Sourced by the programs of build/: makes sure that the machine has what they
# need. It asks before it uses sudo, and does nothing that is done already.

GO_VERSION=1.26.8
# SHA-256 of the toolchain as the Go module proxy serves it.
GO_SHA256_linux_amd64=30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7

BUILD_APT="ca-certificates curl unzip git gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
RUN_APT="libgl1 libgl1-mesa-dri libx11-6 libxcursor1 libxrandr2 libxinerama1 libxi6 libxxf86vm1"
TEST_APT="xvfb xdotool openbox imagemagick x11-apps x11-xserver-utils poppler-utils zbar-tools socat chromium procps"
CROSS_APT="gcc-mingw-w64-x86-64"

# One set of flags for every build of the window, so that its slow cgo part is
# compiled once.
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-tags=migrated_fynedo"
export CGO_ENABLED=1

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf '\n%s\n' "$*" >&2; exit 2; }

# need_apt installs the named Debian packages that are missing.
need_apt() {
	local missing=() p
	for p in "$@"; do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null || die "These packages are missing and there is no apt-get here: ${missing[*]}
Nothing was changed. Install them with your system's own tool and run this again."
	local sudo=""
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "These packages are missing: ${missing[*]}
Nothing was changed. Ask an administrator to run: apt-get install ${missing[*]}"
		printf 'To go on, these packages must be installed with sudo: %s\nInstall them now? [y/N] ' "${missing[*]}" >&2
		local answer=""
		read -r answer || true
		case "$answer" in y | Y | yes | c | C) sudo="sudo" ;; *) die "Nothing was changed. Run this again when they may be installed." ;; esac
	fi
	say "Installing ${missing[*]}"
	$sudo apt-get update -qq
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_go finds a Go of at least the version in go.mod, or fetches one into the
# user's cache. A Go from 1.21 on fetches the right one by itself.
need_go() {
	local at have
	for at in "$(command -v go || true)" /usr/local/go/bin/go "${XDG_CACHE_HOME:-$HOME/.cache}/quachot/go$GO_VERSION/bin/go"; do
		[ -n "$at" ] && [ -x "$at" ] || continue
		have=$("$at" env GOVERSION 2>/dev/null | sed 's/^go//; s/-.*//')
		if [ -n "$have" ] && [ "$(printf '%s\n1.21\n' "$have" | sort -V | head -n 1)" = 1.21 ]; then
			PATH="$(dirname "$at"):$PATH"
			export PATH
			return 0
		fi
	done
	local arch
	arch=$(uname -m)
	[ "$arch" = x86_64 ] || die "No Go here, and this program fetches one for x86_64 only (this is $arch).
Nothing was changed. Install Go $GO_VERSION or newer from https://go.dev/dl and run this again."
	need_apt ca-certificates curl unzip
	local dir="${XDG_CACHE_HOME:-$HOME/.cache}/quachot" proxy="${GOPROXY:-https://proxy.golang.org}"
	proxy="${proxy%%[,|]*}"
	case "$proxy" in http*) ;; *) proxy=https://proxy.golang.org ;; esac
	say "Fetching Go $GO_VERSION (70 MB) into $dir"
	mkdir -p "$dir"
	local zip="$dir/go.zip"
	curl -fsSL -o "$zip" "$proxy/golang.org/toolchain/@v/v0.0.1-go$GO_VERSION.linux-amd64.zip"
	printf '%s  %s\n' "$GO_SHA256_linux_amd64" "$zip" | sha256sum -c --quiet - ||
		die "The Go that was fetched is not the one expected. It was not used; remove $zip and try again on another network."
	rm -rf "$dir/unpack" "$dir/go$GO_VERSION"
	unzip -q "$zip" -d "$dir/unpack"
	mv "$dir/unpack/golang.org/toolchain@v0.0.1-go$GO_VERSION.linux-amd64" "$dir/go$GO_VERSION"
	rm -rf "$dir/unpack" "$zip"
	chmod -R u+w "$dir/go$GO_VERSION"
	chmod +x "$dir/go$GO_VERSION/bin/"* "$dir/go$GO_VERSION/pkg/tool/linux_amd64/"* 2>/dev/null || true
	PATH="$dir/go$GO_VERSION/bin:$PATH"
	export PATH
}
