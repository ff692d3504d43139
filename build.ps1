#!/usr/bin/env pwsh
# Runs the build: ./build.ps1 [target ...] [--option value ...]; --help lists all.
# Compiles build/ first when something in it changed since it was compiled last, and not otherwise.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2.0

$Root = $PSScriptRoot
$Temp = Join-Path $Root '.nuke/temp'
$Bin = Join-Path $Temp 'bin'
$Current = Join-Path $Bin 'current.txt'
$OnWindows = [System.IO.Path]::DirectorySeparatorChar -eq '\'
$Program = if ($OnWindows) { '_build.exe' } else { '_build' }

$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_SKIP_FIRST_TIME_EXPERIENCE = '1'
$env:NUKE_TELEMETRY_OPTOUT = '1'

function Stop-Build([string] $Message, [string] $Hint) {
    [Console]::Error.WriteLine("error: $Message")
    [Console]::Error.WriteLine("hint: $Hint")
    exit 1
}

# Every file that the binary is made of.
function Get-Source {
    $folders = [System.Collections.Generic.Stack[string]]::new()
    $folders.Push((Join-Path $Root 'build'))
    while ($folders.Count -gt 0) {
        $folder = [System.IO.DirectoryInfo]::new($folders.Pop())
        foreach ($inner in $folder.EnumerateDirectories()) {
            if ($inner.Name -notin 'bin', 'obj', 'node_modules', '__pycache__' -and -not $inner.Name.StartsWith('.')) { $folders.Push($inner.FullName) }
        }
        foreach ($file in $folder.EnumerateFiles()) {
            if (-not $file.Name.StartsWith('.') -and -not $file.Name.EndsWith('~')) { $file }
        }
    }
    foreach ($name in 'build.ps1', 'global.json', 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props', 'NuGet.config', 'nuget.config') {
        $path = Join-Path $Root $name
        if ([System.IO.File]::Exists($path)) { [System.IO.FileInfo]::new($path) }
    }
}

# The files as one text, from the root on, so that a checkout that was moved is the same.
function Get-Names([System.IO.FileInfo[]] $Files) {
    (@($Files | ForEach-Object { $_.FullName.Substring($Root.Length) }) | Sort-Object) -join "`n"
}

# The folder of the binary, when nothing changed since it was compiled; else nothing.
function Get-Fresh {
    if (-not [System.IO.File]::Exists($Current)) { return }
    $folder = Join-Path $Bin ([System.IO.File]::ReadAllText($Current).Trim())
    $stamp = Join-Path $folder '.stamp'
    $runtime = Join-Path $folder '.dotnet-root'
    if (-not ([System.IO.File]::Exists((Join-Path $folder $Program)) -and [System.IO.File]::Exists($stamp) -and [System.IO.File]::Exists($runtime) -and [System.IO.File]::Exists((Join-Path $folder '.complete')))) { return }
    if (-not [System.IO.Directory]::Exists([System.IO.File]::ReadAllText($runtime).Trim())) { return }
    $files = @(Get-Source)
    $names = Get-Names $files
    if ($names -ne [System.IO.File]::ReadAllText((Join-Path $folder '.sources'))) { return }
    $time = [System.IO.File]::GetLastWriteTimeUtc($stamp)
    foreach ($file in $files) {
        if ($file.LastWriteTimeUtc -gt $time) { return }
    }
    $folder
}

function Test-Sdk([string] $Dotnet) {
    Push-Location $Root
    try { & $Dotnet --version *> $null; return $LASTEXITCODE -eq 0 } catch { return $false } finally { Pop-Location }
}

# A dotnet with an SDK that global.json accepts.
function Find-Dotnet {
    $command = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($command -and (Test-Sdk $command.Source)) { return $command.Source }
    $folder = Join-Path $Temp 'dotnet'
    $own = Join-Path $folder $(if ($OnWindows) { 'dotnet.exe' } else { 'dotnet' })
    if ([System.IO.File]::Exists($own) -and (Test-Sdk $own)) { return $own }

    $version = (Get-Content -Raw (Join-Path $Root 'global.json') | ConvertFrom-Json).sdk.version
    $url = if ($OnWindows) { 'https://dot.net/v1/dotnet-install.ps1' } else { 'https://dot.net/v1/dotnet-install.sh' }
    $script = Join-Path $Temp ([System.IO.Path]::GetFileName($url))
    [Console]::Error.WriteLine("getting the .NET SDK $version ...")
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        Invoke-WebRequest -Uri $url -OutFile $script -UseBasicParsing
        if ($OnWindows) { & $script -InstallDir $folder -Version $version -NoPath *> (Join-Path $Temp 'dotnet-install.log') }
        else { & bash $script --install-dir $folder --version $version --no-path *> (Join-Path $Temp 'dotnet-install.log') }
    } catch {
        $null = $_
    }
    if (-not ([System.IO.File]::Exists($own) -and (Test-Sdk $own))) {
        Stop-Build "no .NET SDK here fits global.json ($version), and it could not be downloaded from $url" `
            "install the .NET SDK $version or later from https://dotnet.microsoft.com/download and put dotnet on the PATH"
    }
    $own
}

function Invoke-Compile {
    $dotnet = Find-Dotnet
    [Console]::Error.WriteLine('building ...')
    $name = 'new.' + [System.IO.Path]::GetRandomFileName().Replace('.', '')
    $folder = Join-Path $Bin $name
    $null = [System.IO.Directory]::CreateDirectory($folder)
    # Older than anything that is read below: a file saved while the compiler runs counts as newer.
    [System.IO.File]::WriteAllText((Join-Path $folder '.stamp'), '')
    [System.IO.File]::WriteAllText((Join-Path $folder '.sources'), (Get-Names @(Get-Source)))
    $log = Join-Path $Temp 'build.log'
    Push-Location $Root
    try {
        & $dotnet publish build/_build.csproj -c Release --use-current-runtime --no-self-contained '-p:PublishReadyToRun=true' "-p:ArtifactsPath=$(Join-Path $Temp 'artifacts.ps1')" `
            '-p:RunAnalyzers=false' '-p:TreatWarningsAsErrors=false' '-p:GenerateDocumentationFile=false' '-p:DebugType=embedded' `
            '-nodeReuse:false' '-p:UseSharedCompilation=false' -o $folder -nologo -v quiet '-clp:NoSummary' > $log
        $code = $LASTEXITCODE
    } finally {
        Pop-Location
    }
    if ($code -ne 0) {
        [Console]::Error.WriteLine([System.IO.File]::ReadAllText($log))
        [System.IO.Directory]::Delete($folder, $true)
        Stop-Build 'build/_build.csproj does not compile; nothing was run' "the compiler's errors are above"
    }
    # The project writes .complete last: a compiler that was ended may say 0 as well.
    if (-not [System.IO.File]::Exists((Join-Path $folder '.complete'))) {
        [System.IO.Directory]::Delete($folder, $true)
        Stop-Build 'the compiler was ended before it was done; nothing was run' 'run the same command again'
    }
    $runtime = @(& $dotnet --list-runtimes | Where-Object { $_ -match '^Microsoft\.NETCore\.App ' })[-1] -replace '^.*\[(.*)[\\/]shared[\\/]Microsoft\.NETCore\.App\]$', '$1'
    [System.IO.File]::WriteAllText((Join-Path $folder '.dotnet-root'), $runtime)
    # The pointer is exchanged whole; whoever runs the binary before keeps its folder.
    $pointer = "$Current.$PID"
    [System.IO.File]::WriteAllText($pointer, $name)
    Move-Item -LiteralPath $pointer -Destination $Current -Force
    $folder
}

# The folder of a fresh binary, compiled by one at a time.
function Get-Binary {
    $fresh = Get-Fresh
    if ($fresh) { return $fresh }
    $null = [System.IO.Directory]::CreateDirectory($Bin)
    $lock = $null
    while (-not $lock) {
        try { $lock = [System.IO.File]::Open((Join-Path $Bin '.lock.ps1'), 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [System.IO.IOException] { Start-Sleep -Milliseconds 200 }
    }
    try {
        $fresh = Get-Fresh
        if ($fresh) { return $fresh }
        return Invoke-Compile
    } finally {
        $lock.Dispose()
    }
}

if ($args.Count -gt 0 -and $args[0] -eq ':complete' -and -not [System.IO.File]::Exists($Current)) { exit 0 }
$folder = Get-Binary
$env:DOTNET_ROOT = [System.IO.File]::ReadAllText((Join-Path $folder '.dotnet-root')).Trim()
& (Join-Path $folder $Program) @args
exit $LASTEXITCODE
