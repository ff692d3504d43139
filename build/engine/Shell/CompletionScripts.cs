namespace Runback.Engine.Shell;

/// <summary>Scripts that make a shell ask the build for completions: <c>source &lt;(./build.sh --completion bash)</c>.</summary>
internal static class CompletionScripts
{
    /// <summary>The script of a shell.</summary>
    /// <exception cref="UsageException">The shell is unknown.</exception>
    public static string For(string shell) => shell.ToLowerInvariant() switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "pwsh" => Pwsh,
        _ => throw new UsageException($"There is no completion for '{shell}'.", "allowed: bash, zsh, pwsh"),
    };

    private const string Bash = """
        # Completion for build.sh in bash. Use: source <(./build.sh --completion bash)
        _runback_build() {
            local program=${1/#\~/$HOME} word
            COMPREPLY=()
            [[ -x $program ]] || program=./build.sh
            while IFS= read -r word; do
                [[ -n $word ]] && COMPREPLY+=("$word")
            done < <("$program" :complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -o default -F _runback_build build.sh ./build.sh
        """;

    private const string Zsh = """
        #compdef build.sh
        # Completion for build.sh in zsh. Use: source <(./build.sh --completion zsh)
        _runback_build() {
            local -a found
            found=("${(@f)$(${~words[1]} :complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            [[ -n $found ]] && compadd -Q -- "${found[@]}"
        }
        compdef _runback_build build.sh ./build.sh
        """;

    private const string Pwsh = """
        # Completion for build.ps1 in PowerShell. Use: ./build.ps1 --completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName build.ps1, build.sh, build -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $elements = $commandAst.CommandElements
            $program = $elements[0].ToString()
            $words = @($elements | Select-Object -Skip 1 |
                Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
            & $program ':complete' @words $wordToComplete 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
