using System.Net;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;

namespace Runback.Runbook.Engines;

/// <summary>
/// How Docker.DotNet reaches the engine: over whatever stream <see cref="EngineConnection"/> opens, so that every Docker context will do. A request that takes
/// its connection over (exec, attach; Docker Engine API, "Hijacking") gets one of its own, whose sending half can be closed by itself.
/// </summary>
/// <param name="connect">Opens a stream to the engine.</param>
internal sealed class EngineTransport(Func<CancellationToken, ValueTask<Stream>> connect) : IDockerHandlerFactory<EngineTransport>
{
    /// <summary>The address that requests bear; nobody resolves it.</summary>
    public static Uri Endpoint { get; } = new("http://docker");

    /// <summary>What sends requests over connections of this kind.</summary>
    public HttpMessageHandler CreateHandler() => new Handler(connect);

    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => new(CreateHandler(), Endpoint);

    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(EngineTransport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) => CreateHandler(clientOptions, logger);

    /// <inheritdoc/>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => content is TakenOver taken
        ? Task.FromResult(taken.Stream)
        : throw new HttpRequestException("expected the engine to hand its connection over, found an ordinary answer");

    private static SocketsHttpHandler Connected(Func<CancellationToken, ValueTask<Stream>> connect) => new()
    {
        ConnectCallback = (_, cancellation) => connect(cancellation),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        AllowAutoRedirect = false,
        UseProxy = false,
    };

    private sealed class Handler(Func<CancellationToken, ValueTask<Stream>> connect) : DelegatingHandler(Connected(connect))
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.Headers.Contains("Upgrade"))
                return await base.SendAsync(request, cancellationToken);
            Stream? connection = null;
            var own = new HttpMessageInvoker(Connected(async cancellation => connection = await connect(cancellation)));
            try
            {
                var response = await own.SendAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
                    response.Content = new TakenOver(new TakenStream(await response.Content.ReadAsStreamAsync(cancellationToken), connection!, own));
                return response;
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }
    }

    private sealed class TakenOver(WriteClosableStream stream) : HttpContent
    {
        public WriteClosableStream Stream { get; } = stream;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    // What was read ahead with the answer's headers is in the answer's stream; only the connection itself knows halves.
    private sealed class TakenStream(Stream answer, Stream connection, HttpMessageInvoker owner) : WriteClosableStream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override bool CanCloseWrite => connection is WriteClosableStream;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void CloseWrite()
        {
            if (connection is WriteClosableStream closable)
                closable.CloseWrite();
            else
                connection.Dispose();
        }

        public override void Flush() => answer.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => answer.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => answer.Read(buffer, offset, count);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            answer.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => answer.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => answer.Write(buffer, offset, count);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            answer.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => answer.WriteAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                answer.Dispose();
                connection.Dispose();
                owner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
