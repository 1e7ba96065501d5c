# Install kbfix from this folder into an environment of its own, without a network:
#     powershell -ExecutionPolicy Bypass -File install.ps1 [FOLDER]          (~\kbfix unless given)
# Needs Python 3.11, 3.12 or 3.13, 64 bit; $env:PYTHON = 'C:\path\to\python.exe' names one.
param([string] $Target = (Join-Path $HOME 'kbfix'))
# Words of a program on stderr are no errors of this script's; exit codes are looked at.
$ErrorActionPreference = 'Continue'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Fail([string] $What, [string] $NextStep) {
    [Console]::Error.WriteLine("install.ps1: $What")
    [Console]::Error.WriteLine("  next: $NextStep")
    exit 2
}

$check = 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13) and sys.maxsize > 2**32))'
$python = $null
$candidates = @(@('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('python'), @('python3'))
if ($env:PYTHON) { $candidates = @(, @($env:PYTHON)) }
foreach ($each in $candidates) {
    if (-not (Get-Command $each[0] -ErrorAction SilentlyContinue)) { continue }
    $rest = @($each | Select-Object -Skip 1)
    & $each[0] @rest -c $check 2>$null
    if ($LASTEXITCODE -eq 0) { $python = $each; break }
}
if (-not $python) { Fail 'there is no Python 3.11, 3.12 or 3.13 of 64 bit' 'install one, or name it in $env:PYTHON' }

# What was damaged on its way is found before it is installed.
foreach ($line in Get-Content (Join-Path $here 'SHA256SUMS') -Encoding UTF8) {
    $digest, $name = $line -split '  ', 2
    $path = Join-Path $here $name
    if (-not (Test-Path -LiteralPath $path) -or
        (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -ne $digest) {
        Fail "damaged or missing: $name" 'copy the kit again'
    }
}

$rest = @($python | Select-Object -Skip 1)
& $python[0] @rest -m venv --without-pip $Target
if ($LASTEXITCODE -ne 0) { Fail "$Target cannot be made" 'name another folder: install.ps1 FOLDER' }
$pip = Join-Path (Get-ChildItem (Join-Path $here 'wheels\pip-*.whl'))[0].FullName 'pip'
# No setting of this machine's may add an index, or ask for other versions.
$env:PIP_CONFIG_FILE = 'nul'
& (Join-Path $Target 'Scripts\python.exe') $pip --isolated install --quiet --disable-pip-version-check `
    --no-index --find-links (Join-Path $here 'wheels') --requirement (Join-Path $here 'requirements.txt')
if ($LASTEXITCODE -ne 0) { Fail 'the wheels do not fit this machine' 'compare it with platforms.txt' }

& (Join-Path $Target 'Scripts\kbfix.exe') --version
