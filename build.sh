#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--option value ...]; --help lists all.
# Compiles build/ first when something in it changed since it was compiled last, and not otherwise.
if [ -z "${BASH_VERSION:-}" ]; then
    printf 'error: build.sh needs bash, and this is another shell\nhint: ./build.sh, or bash build.sh\n' >&2
    exit 2
fi
set +o posix
set -euo pipefail

# .NET takes 0, 1 and 2 for open. Where one isn't, the next file gets its number, and what is said would be written into it.
: 9>&2 || exec 2>/dev/null
[[ ! /dev/fd/2 -ef ${BASH_SOURCE[0]} ]] || exec 2>/dev/null
{ : 9<&0; } 2>/dev/null || exec </dev/null
# Open, and not for writing: whoever waits for a document there must not be told that all is well.
{ : 9>&1; } 2>/dev/null || exec 1</dev/null

script=${BASH_SOURCE[0]}
[[ $script == */* ]] || script=./$script
# The repository is where the file is, not where a link to it is.
while [[ -L $script ]]; do
    link=$(readlink -- "$script")
    [[ $link == /* ]] || link=${script%/*}/$link
    script=$link
done
root=$(cd -P -- "${script%/*}" && pwd)
temp=$root/.nuke/temp
current=$temp/bin/current

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 NUKE_TELEMETRY_OPTOUT=1

fail() { # message, hint
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 1
}

sources() { # prints every file that the binary is made of, from the root on, so that a checkout that was moved is the same
    cd -- "$root"
    {
        find build -mindepth 1 \( -name bin -o -name obj -o -name node_modules -o -name __pycache__ -o -name '.*' -o -name '*~' \) -prune -o -type f -print
        local file
        for file in build.sh global.json Directory.Build.props Directory.Build.targets Directory.Packages.props NuGet.config nuget.config; do
            [[ ! -e $file ]] || printf '%s\n' "$file"
        done
    } | LC_ALL=C sort
}

runtime_of() { # sets DOTNET_ROOT to that of a compiled folder: a path from the root on, where the SDK was fetched into the checkout
    [[ -s $1/.dotnet-root ]] || return 1
    DOTNET_ROOT=$(<"$1/.dotnet-root")
    [[ $DOTNET_ROOT == /* ]] || DOTNET_ROOT=$root/$DOTNET_ROOT
    [[ -d $DOTNET_ROOT ]]
}

has_program() { [[ -x $current/_build && -e $current/.complete ]] && runtime_of "$current"; }

# Fresh: there is a program and its runtime, no source is newer than its stamp, and none came or went (which no date would show).
is_fresh() {
    has_program && [[ -e $current/.stamp && -e $current/.sources ]] || return 1
    local list file
    list=$(sources)
    [[ $list == "$(<"$current/.sources")" ]] || return 1
    local IFS=$'\n'
    set -f
    for file in $list; do
        [[ ! $root/$file -nt $current/.stamp ]] || return 1
    done
    set +f
}

unwritable() { # prints the first place that compiling writes to and this user can't; nothing where there is none
    local path
    if ! mkdir -p -- "$temp/bin" 2>/dev/null; then
        printf '%s' "$temp/bin"
        return
    fi
    for path in "$temp" "$temp/bin" "$temp/bin/.lock" "$temp/artifacts" "$temp/build.log"; do
        if [[ -e $path && ! -w $path ]]; then
            printf '%s' "$path"
            return
        fi
    done
}

without_compiling() { # what keeps this user from compiling: goes on with the program that is there, or ends
    has_program || fail "$1, and there is no program yet" "make the checkout writable for $(id -un), or run ./build.sh --version once as its owner"
    printf 'warning: build/ has changed since it was compiled, and %s: the program runs as it was compiled before\n' "$1" >&2
}

accepts_sdk() { # whether that dotnet has an SDK that global.json accepts
    [[ -n $1 ]] && (cd -- "$root" && "$1" --version) >/dev/null 2>&1 </dev/null
}

find_dotnet() { # sets dotnet
    local url=https://dot.net/v1/dotnet-install.sh script=$temp/dotnet-install.sh version
    for dotnet in "$(type -P dotnet || true)" "$temp/dotnet/dotnet"; do
        ! accepts_sdk "$dotnet" || return 0
    done
    version=$(sed -n 's/.*"version" *: *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1)
    printf 'getting the .NET SDK %s ...\n' "$version" >&2
    if [[ -n $(type -P curl) ]]; then
        curl -fsSL --connect-timeout 20 --retry 2 -o "$script" "$url" </dev/null >&2 || script=
    elif [[ -n $(type -P wget) ]]; then
        wget -q -T 20 -O "$script" "$url" </dev/null >&2 || script=
    else
        script=
    fi
    if [[ -z $script ]] || ! bash "$script" --install-dir "$temp/dotnet" --version "$version" --no-path >"$temp/dotnet-install.log" 2>&1 </dev/null; then
        fail "no .NET SDK here fits global.json ($version), and it could not be downloaded from $url" \
            "install the .NET SDK $version or later from https://dotnet.microsoft.com/download and put dotnet on the PATH"
    fi
}

ended() { # exit code: a signal while the compiler runs ends it, and leaves nothing of it
    trap '' INT TERM HUP
    kill -- "$compiler" 2>/dev/null || true
    wait "$compiler" 2>/dev/null || true
    rm -rf -- "$fresh"
    printf 'interrupted while building; nothing was run\n' >&8
    exit "$1"
}

compile() {
    find_dotnet
    printf 'building ...\n' >&2
    local code=0 before
    if ! fresh=$(mktemp -d "$temp/bin/new.XXXXXX" 2>/dev/null); then
        without_compiling "nothing can be written into $temp/bin"
        return
    fi
    chmod 755 "$fresh"
    # Older than anything that is read below: a file saved while the compiler runs counts as newer.
    : >"$fresh/.stamp"
    (sources) >"$fresh/.sources"
    # Its own artifacts folder, so that an IDE or a test run that compiles at the same time isn't disturbed. Warnings are for developers
    # (the target Test compiles with them as errors); a newer SDK's new ones must not keep anybody from rolling back.
    # Beside this shell, which otherwise would hear of a signal only when the compiler has ended.
    (cd -- "$root" && HOME=${HOME:-$temp} DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-${HOME:-$temp}} exec "$dotnet" publish build/_build.csproj \
        -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:ArtifactsPath="$temp/artifacts" \
        -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false -p:DebugType=embedded \
        -nodeReuse:false -p:UseSharedCompilation=false -o "$fresh" -nologo -v quiet -clp:NoSummary) >"$temp/build.log" 2>&1 </dev/null 8>&- 9>&- &
    compiler=$!
    exec 8>&2
    trap 'ended 130' INT
    trap 'ended 143' TERM
    trap 'ended 129' HUP
    # How a killed compiler ended is told below, and not as bash does it.
    { wait "$compiler" || code=$?; } 2>/dev/null
    trap - INT TERM HUP
    exec 8>&-
    # The project writes .complete last: a compiler that was ended says 0 as well.
    if [[ $code != 0 || ! -x $fresh/_build || ! -e $fresh/.complete ]]; then
        rm -rf -- "$fresh"
        if has_program && grep -qiE 'permission denied|access to the path .* is denied|read-only file system|no space left on device' "$temp/build.log"; then
            without_compiling "the compiler can't write its files (see $temp/build.log)"
            return
        fi
        cat "$temp/build.log" >&2
        [[ $code != 0 && $code -lt 128 ]] || fail "the compiler was ended before it was done; nothing was run" "run the same command again"
        fail "build/_build.csproj does not compile; nothing was run" "the compiler's errors are above"
    fi
    local runtime
    runtime=$("$dotnet" --list-runtimes </dev/null | sed -n 's|^Microsoft\.NETCore\.App .*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$|\1|p' | tail -n 1)
    printf '%s\n' "${runtime#"$root/"}" >"$fresh/.dotnet-root"
    # One rename exchanges the link; whoever runs the binary before keeps its folder.
    before=$(readlink "$current" || true)
    ln -s -- "${fresh##*/}" "$temp/bin/link.$$"
    mv -fT -- "$temp/bin/link.$$" "$current" 2>/dev/null || mv -fh -- "$temp/bin/link.$$" "$current"
    # Nothing runs for a day.
    find "$temp/bin" -maxdepth 1 -type d -name 'new.*' ! -name "${fresh##*/}" ! -name "${before:-none}" -mtime +0 -exec rm -rf -- {} + 2>/dev/null || true
    runtime_of "$current" || true
    DOTNET_ROOT=$DOTNET_ROOT NUKE_ROOT=$root "$current/_build" --generate-schema >/dev/null 2>&1 </dev/null 9>&- || true
}

compile_if_stale() { is_fresh || compile; }

with_lock() { # runs a command while no other build.sh here does
    if [[ -n $(type -P flock) ]]; then
        exec 9>"$temp/bin/.lock"
        flock 9
        "$@"
        exec 9>&-
        return
    fi
    lock=$temp/bin/.lock.d
    until mkdir -- "$lock" 2>/dev/null; do
        # A lock whose owner is gone is nobody's.
        local owner
        owner=$(cat -- "$lock/pid" 2>/dev/null || true)
        if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf -- "$lock"
        else
            sleep 0.2
        fi
    done
    trap 'rm -rf -- "$lock"' EXIT
    printf '%s' $$ >"$lock/pid"
    "$@"
    rm -rf -- "$lock"
    trap - EXIT
}

if [[ ${1-} == :complete ]]; then
    # A shell waits for this at every press of Tab: whatever is compiled answers.
    has_program || exit 0
elif ! is_fresh; then
    place=$(unwritable)
    if [[ -z $place ]]; then
        with_lock compile_if_stale
    else
        without_compiling "$place can't be written by $(id -un)"
    fi
fi
runtime_of "$current" || true
export DOTNET_ROOT
exec "$current/_build" "$@"
