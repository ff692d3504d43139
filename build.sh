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
root=$(CDPATH='' cd -P -- "${script%/*}" && pwd)
temp=$root/.nuke/temp
current=$temp/bin/current

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 NUKE_TELEMETRY_OPTOUT=1

fail() { # message, hint
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 1
}

sources() { # prints every file that the binary is made of with size and second, from the root on: a moved checkout is the same.
    # With a stamp, what is newer than it once more. By date alone an older file that was copied over would count as compiled.
    cd -- "$root"
    local newer=() format=(-c '%n %s %Y') files=() file
    [[ -z ${1-} ]] || newer=('(' '!' -newer "$1" -o -print ')')
    [[ $OSTYPE != darwin* && $OSTYPE != *bsd* ]] || format=(-f '%N %z %m')
    for file in build.sh global.json Directory.Build.props Directory.Build.targets Directory.Packages.props NuGet.config nuget.config; do
        [[ ! -e $file ]] || files+=("$file")
    done
    find build "${files[@]}" \( -name bin -o -name obj -o -name node_modules -o -name __pycache__ -o -name '.*' -o -name '*~' \) -prune \
        -o -type f ${newer[@]+"${newer[@]}"} -exec stat "${format[@]}" {} + | LC_ALL=C sort
}

runtime_of() { # sets DOTNET_ROOT to that of a compiled folder: a path from the root on, where the SDK was fetched into the checkout
    [[ -s $1/.dotnet-root ]] || return 1
    DOTNET_ROOT=$(<"$1/.dotnet-root")
    [[ $DOTNET_ROOT == /* ]] || DOTNET_ROOT=$root/$DOTNET_ROOT
    [[ -d $DOTNET_ROOT ]]
}

has_program() { [[ -x $current/_build && -e $current/.complete ]] && runtime_of "$current"; }

# Fresh: there is a program and its runtime, and the sources are those that it was compiled from.
is_fresh() {
    has_program && [[ -e $current/.stamp && -e $current/.sources ]] || return 1
    local list
    list=$(sources "$current/.stamp")
    [[ $list == "$(<"$current/.sources")" ]]
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
    has_program || fail "$1, and there is no program yet" "make the checkout writable for $(id -un), with room on its disk, or run ./build.sh --version once as its owner"
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
    [[ -z $compiler ]] || kill -- "$compiler" 2>/dev/null || true
    wait "$compiler" 2>/dev/null || true
    rm -rf -- "$fresh" ${plain:+"$plain"}
    printf 'interrupted while building; nothing was run\n' >&8
    exit "$1"
}

tidy() { # removes what builds left that were killed, and what nobody runs any more
    local folder running
    rm -f -- "$temp/bin/link."*
    # build.ps1 names its folders otherwise: what is half made there may be about to be done.
    for folder in "$temp/bin/new."??????; do
        [[ ! -d $folder || -e $folder/.dotnet-root ]] || rm -rf -- "$folder"
    done
    [[ -n ${1-} ]] || return 0
    # Whoever started before the exchange may still run there; a watch does so for days.
    running=$(readlink /proc/[0-9]*/exe 2>/dev/null || true)
    for folder in $(find "$temp/bin/." ! -name . -prune -type d -name 'new.*' ! -name "$1" ! -name "$2" -mtime +0 | sed 's|.*/||'); do
        [[ $running == *"/$folder/_build"* ]] || rm -rf -- "$temp/bin/$folder"
    done
}

forget_older() { # the compiler goes by dates: where a file was replaced by an older one, what was made of it must go
    local made=$temp/artifacts.sources changed file
    if [[ -e $made ]]; then
        changed=$(LC_ALL=C comm -13 "$made" "$fresh/.sources")
        while IFS= read -r file; do
            file=${file% * *}
            [[ -z $file || $root/$file -nt $made ]] || { rm -rf -- "$temp/artifacts/obj"; break; }
        done <<<"$changed"
    fi
    cat -- "$fresh/.sources" >"$made"
}

begin() { # makes the folder that is compiled into
    local list
    fresh=$(mktemp -d "$temp/bin/new.XXXXXX") && chmod 755 "$fresh" && : >"$fresh/.stamp" || return 1
    list=$(sources)
    printf '%s\n' "$list" >"$fresh/.sources" && forget_older
}

exchange() { # puts what was compiled in the place of what was before
    local runtime
    runtime=$("$dotnet" --list-runtimes </dev/null | sed -n 's|^Microsoft\.NETCore\.App .*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$|\1|p' | tail -n 1)
    printf '%s\n' "${runtime#"$root/"}" >"$fresh/.dotnet-root" &&
        # Whoever runs the program before keeps its folder.
        ln -sfn -- "${fresh##*/}" "$temp/bin/link.$$" &&
        { mv -fT -- "$temp/bin/link.$$" "$current" 2>/dev/null || mv -fh -- "$temp/bin/link.$$" "$current"; }
}

plain_path() { # sets base to the checkout by a path that the compiler can read: quotes, commas and the like mean something to it
    local harmless='[:alnum:] /._+=:~#()-'
    if [[ $root != *[^$harmless]* ]]; then
        base=$root
        return
    fi
    plain=$(mktemp -d "${TMPDIR:-/tmp}/runback.XXXXXX") && ln -s -- "$root" "$plain/checkout" && base=$plain/checkout
}

compile() {
    find_dotnet
    printf 'building ...\n' >&2
    local code=0 before tied=() owner file
    compiler='' fresh='' plain='' base=''
    tidy
    # The stamp is older than anything that is read later: a file saved while the compiler runs counts as newer.
    if ! begin 2>/dev/null; then
        [[ -z $fresh ]] || rm -rf -- "$fresh"
        without_compiling "nothing can be written into $temp/bin"
        return
    fi
    # Where this shell is killed, the compiler must not go on beside the next one's.
    ! setpriv --pdeathsig TERM true 2>/dev/null || tied=(setpriv --pdeathsig TERM --)
    exec 8>&2
    trap 'ended 130' INT
    trap 'ended 143' TERM
    trap 'ended 129' HUP
    plain_path || rm -rf -- "$fresh"
    [[ -n $base ]] || fail "there is no room for a link in ${TMPDIR:-/tmp}" "make room there, or move the checkout to a path of letters and digits"
    # Its own artifacts folder, so that an IDE or a test run that compiles at the same time isn't disturbed. Warnings are for developers
    # (the target Test compiles with them as errors); a newer SDK's new ones must not keep anybody from rolling back.
    # Beside this shell, which otherwise would hear of a signal only when the compiler has ended.
    (
        cd -- "$root"
        [[ -w ${HOME:-/-} || -d ${HOME-}/.nuget ]] || export HOME=$base/.nuke/temp
        DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-$HOME} exec ${tied[@]+"${tied[@]}"} "$dotnet" publish "$base/build/_build.csproj" \
            -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:ArtifactsPath="$base/.nuke/temp/artifacts" \
            -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false -p:DebugType=embedded \
            -nodeReuse:false -p:UseSharedCompilation=false -o "$base/.nuke/temp/bin/${fresh##*/}" -nologo -v quiet -clp:NoSummary
    ) >"$temp/build.log" 2>&1 </dev/null 8>&- 9>&- &
    compiler=$!
    # How a killed compiler ended is told below, and not as bash does it.
    { wait "$compiler" || code=$?; } 2>/dev/null
    [[ -z $plain ]] || rm -rf -- "$plain"
    trap - INT TERM HUP
    exec 8>&-
    # The project writes .complete last: a compiler that was ended says 0 as well.
    if [[ $code != 0 || ! -x $fresh/_build || ! -e $fresh/.complete ]]; then
        # Without room the log may not say so.
        if grep -qiE 'permission denied|access to the path .* is denied|read-only file system|no space left on device' "$temp/build.log" ||
            ! head -c 65536 /dev/zero 2>/dev/null >"$fresh/.room"; then
            rm -rf -- "$fresh"
            has_program || cat "$temp/build.log" >&2
            without_compiling "the compiler can't write its files (see $temp/build.log)"
            return
        fi
        rm -rf -- "$fresh"
        cat "$temp/build.log" >&2
        [[ $code != 0 && $code -lt 128 ]] || fail "the compiler was ended before it was done; nothing was run" "run the same command again"
        fail "build/_build.csproj does not compile; nothing was run" "the compiler's errors are above"
    fi
    before=$(readlink "$current" || true)
    if ! exchange 2>/dev/null; then
        rm -rf -- "$fresh"
        without_compiling "nothing can be written into $temp/bin"
        return
    fi
    tidy "${fresh##*/}" "${before:-none}"
    runtime_of "$current" || true
    DOTNET_ROOT=$DOTNET_ROOT NUKE_ROOT=$root "$current/_build" --generate-schema >/dev/null 2>&1 </dev/null 9>&- || true
    file=$(sources "$current/.stamp" | sed '/ [0-9]* [0-9]*$/d' | head -n 1 || true)
    [[ -z $file || ! $root/$file -nt $current/.dotnet-root ]] ||
        printf 'warning: %s is dated in the future, and build/ is compiled at every start until then: touch it\n' "$file" >&2
    # What sudo compiled stays its owner's, who compiles next.
    if [[ $EUID == 0 ]]; then
        owner=$(stat -c %u:%g "$root" 2>/dev/null || stat -f %u:%g "$root")
        [[ $owner == 0:* ]] || { chown -h -- "$owner" "$root/.nuke" "$temp" && chown -hR -- "$owner" "$temp"/{bin,artifacts,artifacts.sources,build.log}; } 2>/dev/null || true
    fi
}

compile_if_stale() { is_fresh || compile; }

with_lock() { # runs a command while no other build.sh here does
    local lock=$temp/bin/.lock.d owner told='' tries=0
    if [[ -n $(type -P flock) ]]; then
        exec 9>"$temp/bin/.lock"
        # Some file systems have no locks.
        flock -n 9 || { waits; flock 9 || true; }
        "$@"
        exec 9>&-
        return
    fi
    until mkdir -- "$lock" 2>/dev/null; do
        # A lock whose owner is gone is nobody's; nor is one that gets no owner.
        owner=$(cat -- "$lock/pid" 2>/dev/null || true)
        if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null && ! ps -p "$owner" >/dev/null 2>&1 || [[ -z $owner && $((tries += 1)) -gt 10 ]]; then
            rm -rf -- "$lock"
        else
            [[ -n $told ]] || waits
            told=1
            sleep 0.2
        fi
    done
    trap 'rm -rf -- "$temp/bin/.lock.d"' EXIT
    printf '%s' $$ >"$lock/pid"
    "$@"
    rm -rf -- "$lock"
    trap - EXIT
}

waits() { printf 'another build.sh compiles here: waiting for it ...\n' >&2; }

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
