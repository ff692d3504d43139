#!/usr/bin/env bash
# Runs the build: ./build.sh [target ...] [--option value ...]; --help lists all.
# Compiles build/ first when a source file is newer than what was compiled last, and not otherwise.
set -euo pipefail

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

sources() { # prints every file that the binary depends on
    find "$root/build" \( -name bin -o -name obj -o -name node_modules -o -name __pycache__ \) -prune -o \
        -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.resx' \) -print
    for file in build.sh global.json Directory.Build.props Directory.Build.targets Directory.Packages.props NuGet.config nuget.config .editorconfig; do
        [[ ! -e $root/$file ]] || printf '%s\n' "$root/$file"
    done
}

# Fresh: there is a binary, no source is newer than its stamp, and no source came or went (which the newest file would not show).
is_fresh() {
    [[ -x $current/_build && -e $current/.stamp && -e $current/.sources ]] || return 1
    local list file
    list=$(sources)
    [[ $list == "$(<"$current/.sources")" ]] || return 1
    while IFS= read -r file; do
        [[ ! $file -nt $current/.stamp ]] || return 1
    done <<<"$list"
}

find_dotnet() { # sets DOTNET_EXE to an SDK that global.json accepts
    if [[ -n $(type -P dotnet) ]] && (cd "$root" && dotnet --version) >/dev/null 2>&1 </dev/null; then
        DOTNET_EXE=$(type -P dotnet)
        return
    fi
    DOTNET_EXE=$temp/dotnet/dotnet
    if [[ -x $DOTNET_EXE ]] && (cd "$root" && "$DOTNET_EXE" --version) >/dev/null 2>&1 </dev/null; then
        return
    fi
    local version url=https://dot.net/v1/dotnet-install.sh script=$temp/dotnet-install.sh
    version=$(sed -n 's/.*"version" *: *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1)
    printf 'getting the .NET SDK %s ...\n' "$version" >&2
    if [[ -n $(type -P curl) ]]; then
        curl -fsSL --retry 3 -o "$script" "$url" </dev/null || script=
    elif [[ -n $(type -P wget) ]]; then
        wget -q -O "$script" "$url" </dev/null || script=
    else
        script=
    fi
    if [[ -z $script ]] || ! bash "$script" --install-dir "$temp/dotnet" --version "$version" --no-path >"$temp/dotnet-install.log" 2>&1 </dev/null; then
        fail "the .NET SDK $version is needed (global.json) and could not be downloaded from $url" \
            "install it from https://dotnet.microsoft.com/download, or put a .NET SDK that global.json accepts on the PATH"
    fi
}

compile() {
    find_dotnet
    printf 'building ...\n' >&2
    local fresh stamp
    fresh=$(mktemp -d "$temp/bin/new.XXXXXX")
    stamp=$temp/bin/.stamp.$$
    # The stamp is older than anything read below: a file saved while the compiler runs counts as newer.
    : >"$stamp"
    sources >"$stamp.sources"
    if ! (cd "$root" && HOME=${HOME:-$temp} DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-${HOME:-$temp}} "$DOTNET_EXE" publish build/_build.csproj -c Release \
        --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:ArtifactsPath="$temp/artifacts" -p:RunAnalyzers=false \
        -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false -nodeReuse:false -p:UseSharedCompilation=false \
        -o "$fresh" -nologo -v quiet -clp:NoSummary) >"$temp/build.log" 2>&1 </dev/null 9>&-; then
        cat "$temp/build.log" >&2
        rm -rf -- "$fresh" "$stamp" "$stamp.sources"
        fail "build/_build.csproj does not compile; nothing was run" "the compiler's errors are above"
    fi
    mv -- "$stamp" "$fresh/.stamp"
    mv -- "$stamp.sources" "$fresh/.sources"
    # One rename exchanges the link: whoever runs the old binary keeps it.
    local old
    old=$(readlink "$current" || true)
    ln -s -- "${fresh##*/}" "$temp/bin/link.$$"
    mv -fT -- "$temp/bin/link.$$" "$current" 2>/dev/null || { rm -rf -- "$current"; mv -f -- "$temp/bin/link.$$" "$current"; }
    # Binaries from before the last one may still run; those older than a day don't matter to anybody.
    find "$temp/bin" -maxdepth 1 -type d -name 'new.*' ! -name "${fresh##*/}" ! -name "${old:-none}" -mtime +0 -exec rm -rf -- {} + 2>/dev/null || true
    run_environment
    "$current/_build" --generate-schema >/dev/null 2>&1 </dev/null || true
}

with_lock() { # runs the rest of the arguments while no other build.sh does
    mkdir -p -- "$temp/bin"
    if [[ -n $(type -P flock) ]]; then
        exec 9>"$temp/bin/.lock"
        flock 9
        "$@"
        exec 9>&-
        return
    fi
    local lock=$temp/bin/.lock.d
    until mkdir -- "$lock" 2>/dev/null; do
        # A lock whose owner has gone is nobody's.
        local owner
        owner=$(cat "$lock/pid" 2>/dev/null || true)
        if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf -- "$lock"
        else
            sleep 0.2
        fi
    done
    printf '%s' $$ >"$lock/pid"
    trap 'rm -rf -- "$lock"' EXIT
    "$@"
    rm -rf -- "$lock"
    trap - EXIT
}

compile_if_stale() { is_fresh || compile; }

run_environment() { # lets the binary find the runtime
    if [[ -z ${DOTNET_ROOT-} ]]; then
        if [[ -x $temp/dotnet/dotnet ]]; then
            export DOTNET_ROOT=$temp/dotnet
        elif [[ ! -e /etc/dotnet/install_location && ! -d /usr/share/dotnet && ! -d /usr/lib/dotnet && ! -d /usr/local/share/dotnet ]]; then
            local dotnet
            dotnet=$(type -P dotnet || true)
            if [[ -n $dotnet ]]; then
                dotnet=$(readlink -f -- "$dotnet" 2>/dev/null || printf '%s' "$dotnet")
                export DOTNET_ROOT=${dotnet%/*}
            fi
        fi
    fi
}

if [[ ${1-} == :complete ]]; then
    # A shell waits for this at every Tab: whatever is compiled answers.
    [[ -x $current/_build ]] || exit 0
elif ! is_fresh; then
    with_lock compile_if_stale
fi
run_environment
exec "$current/_build" "$@"
