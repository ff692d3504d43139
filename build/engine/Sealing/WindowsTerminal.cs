using System.Security.Cryptography;
using System.Text;

namespace Runback.Engine.Sealing;

/// <summary>The console of Windows, where a key that is intercepted is never shown.</summary>
internal sealed class WindowsTerminal : ITerminal
{
    /// <inheritdoc />
    public byte[] Hidden(string question)
    {
        Console.Error.Write(question);
        var typed = new char[16 * 1024];
        var length = 0;
        try
        {
            for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter && length < typed.Length; key = Console.ReadKey(intercept: true))
            {
                if (key.Key == ConsoleKey.Backspace)
                    length = Math.Max(0, length - 1);
                else if (key.KeyChar != '\0')
                    typed[length++] = key.KeyChar;
            }

            return Encoding.UTF8.GetBytes(typed, 0, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(typed.AsSpan()));
            Console.Error.WriteLine();
        }
    }

    /// <inheritdoc />
    public string Line(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine()?.Trim() ?? "";
    }
}
