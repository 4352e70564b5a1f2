# Sourced by the scripts: installs what is missing and nothing else. Quiet and quick when all is there.

build_packages=(meson ninja-build pkg-config gcc libc6-dev python3 python3-yaml brotli ca-certificates
    libmicrohttpd-dev libsqlite3-dev libjansson-dev libicu-dev libsodium-dev libopenblas-dev liblapacke-dev
    libgsl-dev libcmocka-dev zlib1g-dev libdeflate-dev libreadstat-dev libxlsxwriter-dev libzip-dev libexpat1-dev)
test_packages=(chromium fonts-noto-cjk fonts-inter clang-format sqlite3 postgresql-15 procps pspp r-base-core
    r-cran-foreign libreoffice-calc-nogui)
sanitizer_packages=(clang libclang-rt-14-dev)

say() {
    printf '· %s\n' "$*"
}

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# show_help FILE: prints the comment block that opens a script.
show_help() {
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "these Debian packages are missing and there is neither root nor sudo to install them: ${missing[*]}"
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages NAME…: installs those that aren't there.
need_packages() {
    missing=()
    local name
    for name in "$@"; do
        is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "install these first (the names are Debian's): ${missing[*]}"
    say "installing ${missing[*]}"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# Node.js 18 or newer where it is, else Debian's own.
need_node() {
    local major
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
    if [ "$major" -lt 18 ] || ! command -v npm >/dev/null; then
        need_packages nodejs npm
    fi
}

# need_modules FOLDER: the locked npm packages, without running any of their scripts; again only when the lock changed.
need_modules() {
    local stamp="$1/node_modules/.mindgap-lock" lock
    lock=$(sha256sum <"$1/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
        need_node
        say "fetching $1's packages"
        (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
        printf '%s\n' "$lock" >"$stamp"
    fi
}

# The client's files, hashed: names and contents.
client_hash() {
    (cd web && find . -path ./node_modules -prune -o -path ./dist -prune -o -type f ! -name '*.tsbuildinfo' -print0 |
        sort -z | xargs -0 sha256sum; sha256sum ../spec/openapi/*.yaml) | sha256sum
}

# Builds the client into web/dist when its sources changed.
need_client() {
    local stamp=web/node_modules/.mindgap-client hash
    need_modules web
    hash=$(client_hash)
    if [ ! -d web/dist ] || [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ]; then
        need_node
        say "building the web client"
        (cd web && npm run --silent build -- --logLevel warn)
        client_hash >"$stamp"
    fi
}

# need_build FOLDER [MESON OPTION…]: configures once and compiles.
need_build() {
    local folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ]; then
        say "configuring $folder"
        meson setup "$folder" "$@" >"/tmp/mindgap-setup.$$" || { cat "/tmp/mindgap-setup.$$" >&2; exit 1; }
        rm -f "/tmp/mindgap-setup.$$"
    fi
    say "compiling $folder"
    ninja -C "$folder" --quiet | sed '/no work to do/d'
}
