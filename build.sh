#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--option value ...]; --help lists all.
# Compiles build/ first when something in it changed since it was compiled last, and not otherwise.
set -euo pipefail

# .NET takes 0, 1 and 2 for open. Where one isn't, the next file gets its number, and what is said would be written into it.
: 9>&2 || exec 2>/dev/null
[[ ! /dev/fd/2 -ef ${BASH_SOURCE[0]} ]] || exec 2>/dev/null
{ : 9<&0; } 2>/dev/null || exec </dev/null
{ : 9>&1; } 2>/dev/null || exec >/dev/null

root=${BASH_SOURCE[0]}
[[ $root == */* ]] || root=./$root
root=$(cd -P -- "${root%/*}" && pwd)
temp=$root/.nuke/temp
current=$temp/bin/current

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 NUKE_TELEMETRY_OPTOUT=1

fail() { # message, hint
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 1
}

sources() { # prints every file that the binary is made of
    find "$root/build" -mindepth 1 \( -name bin -o -name obj -o -name node_modules -o -name __pycache__ -o -name '.*' -o -name '*~' \) -prune -o -type f -print
    local file
    for file in build.sh global.json Directory.Build.props Directory.Build.targets Directory.Packages.props NuGet.config nuget.config; do
        [[ ! -e $root/$file ]] || printf '%s\n' "$root/$file"
    done
}

# Fresh: there is a binary and its runtime, no source is newer than its stamp, and none came or went (which no date would show).
is_fresh() {
    [[ -x $current/_build && -e $current/.stamp && -e $current/.sources && -s $current/.dotnet-root ]] || return 1
    local runtime list file
    runtime=$(<"$current/.dotnet-root")
    [[ -d $runtime ]] || return 1
    list=$(sources)
    [[ $list == "$(<"$current/.sources")" ]] || return 1
    local IFS=$'\n'
    set -f
    for file in $list; do
        [[ ! $file -nt $current/.stamp ]] || return 1
    done
    set +f
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

compile() {
    find_dotnet
    printf 'building ...\n' >&2
    local fresh
    fresh=$(mktemp -d "$temp/bin/new.XXXXXX")
    chmod 755 "$fresh"
    # Older than anything that is read below: a file saved while the compiler runs counts as newer.
    : >"$fresh/.stamp"
    sources >"$fresh/.sources"
    # Its own artifacts folder, so that an IDE or a test run that compiles at the same time isn't disturbed. Warnings are for developers
    # (the target Test compiles with them as errors); a newer SDK's new ones must not keep anybody from rolling back.
    if ! (cd -- "$root" && HOME=${HOME:-$temp} DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-${HOME:-$temp}} "$dotnet" publish build/_build.csproj \
        -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:ArtifactsPath="$temp/artifacts" \
        -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false -p:DebugType=embedded \
        -nodeReuse:false -p:UseSharedCompilation=false -o "$fresh" -nologo -v quiet -clp:NoSummary) >"$temp/build.log" 2>&1 </dev/null 9>&-; then
        cat "$temp/build.log" >&2
        rm -rf -- "$fresh"
        fail "build/_build.csproj does not compile; nothing was run" "the compiler's errors are above"
    fi
    "$dotnet" --list-runtimes </dev/null | sed -n 's|^Microsoft\.NETCore\.App .*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$|\1|p' | tail -n 1 >"$fresh/.dotnet-root"
    # One rename exchanges the link; whoever runs the binary before keeps its folder.
    local before
    before=$(readlink "$current" || true)
    ln -s -- "${fresh##*/}" "$temp/bin/link.$$"
    mv -fT -- "$temp/bin/link.$$" "$current" 2>/dev/null || mv -fh -- "$temp/bin/link.$$" "$current"
    # Nothing runs for a day.
    find "$temp/bin" -maxdepth 1 -type d -name 'new.*' ! -name "${fresh##*/}" ! -name "${before:-none}" -mtime +0 -exec rm -rf -- {} + 2>/dev/null || true
    DOTNET_ROOT=$(<"$current/.dotnet-root") NUKE_ROOT=$root "$current/_build" --generate-schema >/dev/null 2>&1 </dev/null 9>&- || true
}

compile_if_stale() { is_fresh || compile; }

with_lock() { # runs a command while no other build.sh here does
    mkdir -p -- "$temp/bin"
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
    [[ -x $current/_build ]] || exit 0
elif ! is_fresh; then
    with_lock compile_if_stale
fi
export DOTNET_ROOT
DOTNET_ROOT=$(<"$current/.dotnet-root")
exec "$current/_build" "$@"
