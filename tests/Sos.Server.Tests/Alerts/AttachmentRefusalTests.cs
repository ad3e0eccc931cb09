using System.IO.Compression;
using System.Net;
using System.Text;
using Sos.Server.Tests.Alerts.Media;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>S-12: what people with bad intentions send in the place of a photo.</summary>
public sealed class AttachmentRefusalTests(AlertCity city) : IClassFixture<AlertCity>
{
    private static readonly string[] Names =
    [
        "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%252e%252e%252fx", "..\\..\\windows\\x.jpg", "/etc/cron.d/x", "C:\\x.jpg", "x\0.jpg", "CON", "photo\u202Egpj.exe",
        new string('n', 300), "x\r\nSet-Cookie: a=b", "sos.db", ".", "",
    ];

    [Fact]
    public async Task S12_every_hostile_file_is_refused_by_name_and_none_is_stored()
    {
        var (alert, victim) = await Press();
        var gps = SampleMedia.Jpeg();
        (string What, byte[] Content, string? Type, int Status, string Slug)[] cases =
        [
            ("SVG with a script", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("SVG as it is", "<?xml version='1.0'?><svg/>"u8.ToArray(), "image/svg+xml", 415, "media-refused"),
            ("HTML as a JPEG", "\uFEFF <!doctype html><script>alert(1)</script>"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("GIF and JavaScript", "GIF89a/*\0\0\0*/=alert(1)//;"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("GIF as it is", "GIF87a"u8.ToArray(), "image/gif", 415, "media-refused"),
            ("PDF and JavaScript", "%PDF-1.7 1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("zip bomb", Zip(), "image/png", 415, "media-refused"),
            ("gzip bomb", Gzip(), "image/jpeg", 415, "media-refused"),
            ("office document", "PK\u0003\u0004word/vbaProject.bin"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("EICAR", Encoding.ASCII.GetBytes("X5O!P%@AP[4" + "\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"), "image/jpeg", 415, "media-refused"),
            ("program", "MZ\u0090\0"u8.ToArray(), "image/jpeg", 415, "media-refused"),
            ("script", "#!/bin/sh\nrm -rf /"u8.ToArray(), "audio/ogg", 415, "media-refused"),
            ("HEIC", SampleMedia.Mp4(brand: "heic"), "audio/mp4", 415, "media-refused"),
            ("video", SampleMedia.Mp4("vide"), "audio/mp4", 415, "media-refused"),
            ("PNG of 50,000 x 50,000", SampleMedia.Png(50_000, 50_000), "image/png", 422, "media-damaged"),
            ("JPEG of 50,000 x 50,000", SampleMedia.Jpeg(width: 50_000, height: 50_000), "image/jpeg", 422, "media-damaged"),
            ("0 bytes", [], "image/jpeg", 422, "media-damaged"),
            ("1 byte", [0xFF], "image/jpeg", 415, "media-refused"),
            ("JPEG cut short", gps[..^30], "image/jpeg", 422, "media-damaged"),
            ("PNG with a ZIP before it", [.. "PK\u0003\u0004"u8, .. SampleMedia.Png()], "image/png", 415, "media-refused"),
            ("PNG declared as JPEG", SampleMedia.Png(), "image/jpeg", 415, "media-mismatch"),
            ("JPEG declared as voice", gps, "audio/ogg", 415, "media-mismatch"),
            ("JPEG without a type", gps, null, 415, "media-refused"),
            ("JPEG as bytes", gps, "application/octet-stream", 415, "media-refused"),
            ("JPEG as JSON", gps, "application/json", 415, "media-refused"),
            ("JPEG of a type with two slashes", gps, "image/jpeg/x", 415, "media-refused"),
            ("10 MiB and one byte", new byte[10 * 1024 * 1024 + 1], "image/jpeg", 413, "too-large"),
        ];
        foreach (var (what, content, type, status, slug) in cases)
        {
            using var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, content, type);
            Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            await SosServerHost.IsProblem(answer, status, slug);
        }

        var others = await OtherCases(alert, victim);
        Say($"S-12: {cases.Length + others} hostile uploads, 0 stored");
        Assert.Empty(Stored(alert));
        Assert.False((await city.Done(victim, "GET", $"alerts/{alert}")).TryGetProperty("attachments", out _));
    }

    [Fact]
    public async Task S12_no_name_that_a_client_gives_is_ever_a_name_of_a_file()
    {
        var (alert, victim) = await Press();
        var before = AllFiles();
        var tried = 0;
        foreach (var name in Names)
        {
            // As the attachment's id: refused. As a file's name in a header: never looked at.
            using (var id = await city.Host.Upload("Bearer " + victim.AccessToken, alert, SampleMedia.Jpeg(), key: Uri.EscapeDataString(name))) Assert.True((int)id.StatusCode is 400 or 422, $"{name}: {(int)id.StatusCode}");
            var raw = await city.Host.Raw("POST", $"/api/v1/alerts/{Uri.EscapeDataString(name)}/attachments", $"Authorization: Bearer {victim.AccessToken}\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\n");
            Assert.InRange(raw.Status, 400, 499);
            var named = new ByteArrayContent(SampleMedia.Jpeg());
            named.Headers.TryAddWithoutValidation("Content-Type", "image/jpeg");
            named.Headers.TryAddWithoutValidation("Content-Disposition", $"attachment; filename=\"{Uri.EscapeDataString(name)}\"");
            using var kept = await city.Host.Upload("Bearer " + victim.AccessToken, alert, named);
            Assert.True(kept.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{name}: {(int)kept.StatusCode}");
            tried += 3;
        }

        var folder = Path.Combine("attachments", alert.ToString("N"));
        var made = AllFiles().Except(before).Where(file => !file.StartsWith("sos.db", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(made);
        Assert.All(made, file => Assert.True(Path.GetDirectoryName(file) == folder && Guid.TryParseExact(Path.GetFileName(file), "N", out _), file));
        foreach (var file in Stored(alert))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Say($"S-12: {tried} uploads under {Names.Length} names, {made.Count} files, all under names of the service");
    }

    [Fact]
    public async Task S12_a_body_that_ends_early_or_never_is_no_attachment()
    {
        var (alert, victim) = await Press();
        var jpeg = SampleMedia.Jpeg();
        var head = $"Authorization: Bearer {victim.AccessToken}\r\nContent-Type: image/jpeg\r\n";
        foreach (var (headers, body) in new[]
        {
            ($"Content-Length: {jpeg.Length + 10}\r\n", Encoding.Latin1.GetString(jpeg)),
            ($"Content-Length: {jpeg.Length / 2}\r\n", Encoding.Latin1.GetString(jpeg)),
            ("Transfer-Encoding: chunked\r\n", $"{jpeg.Length:x}\r\n{Encoding.Latin1.GetString(jpeg)}\r\n"),
            ("Transfer-Encoding: chunked\r\n", "zz\r\n"),
            ("Content-Length: -1\r\n", ""),
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        })
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(city.Host.Http.BaseAddress!.Host, city.Host.Http.BaseAddress.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST /api/v1/alerts/{alert}/attachments HTTP/1.1\r\nHost: localhost\r\n{head}{headers}\r\n{body}"));
            client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            using var answer = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain("201 Created", await answer.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await city.Until("nothing is left on its way", () => Task.FromResult(Stored(alert).Length == 0));
        Assert.False((await city.Done(victim, "GET", $"alerts/{alert}")).TryGetProperty("attachments", out _));
        for (var i = 0; i < 20; i++) await city.Host.Attach(victim, alert);
    }

    [Fact]
    public async Task Only_this_route_takes_ten_megabytes()
    {
        var (alert, victim) = await Press();
        var png = SampleMedia.Png();
        // A chunk of its own keeps it a PNG: nearly 10 MiB go in, and what is kept is small.
        var filler = 10 * 1024 * 1024 - png.Length - 12;
        byte[] large = [.. png[..33], (byte)(filler >> 24), (byte)(filler >> 16), (byte)(filler >> 8), (byte)filler, .. "fiLl"u8, .. new byte[filler + 4], .. png[33..]];
        using (var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, large, "image/png"))
        {
            Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            Assert.InRange((await SosServerHost.Json(answer)).GetProperty("bytes").GetInt64(), 50, 200);
        }

        foreach (var path in new[] { "users/me/contacts", $"alerts/{alert}/position" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/" + path) { Content = new ByteArrayContent(new byte[2 * 1024 * 1024]) };
            request.Content.Headers.ContentType = Uploads.Type("application/json");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + victim.AccessToken);
            request.Headers.ExpectContinue = true;
            using var refused = await city.Host.Http.SendAsync(request);
            await SosServerHost.IsProblem(refused, 413, "too-large");
        }
    }

    /// <summary>Forms, packed bodies, endless bodies; answers how many.</summary>
    private async Task<int> OtherCases(Guid alert, SessionAnswer victim)
    {
        var form = new MultipartFormDataContent();
        foreach (var name in Names.Take(8)) form.Add(new ByteArrayContent(SampleMedia.Jpeg()), "file", Uri.EscapeDataString(name));
        for (var part = 0; part < 1000; part++) form.Add(new StringContent("x"), $"p{part}");
        using (var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, form)) await SosServerHost.IsProblem(answer, 415, "media-refused");

        var packed = new ByteArrayContent(Gzip());
        packed.Headers.ContentType = Uploads.Type("image/jpeg");
        packed.Headers.ContentEncoding.Add("gzip");
        using (var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, packed)) await SosServerHost.IsProblem(answer, 415, "media-refused");

        // No length is said, and it does not end: 11 MiB come before the server has had enough.
        byte[] start = [.. SampleMedia.Png()[..33], 0x7F, 0xFF, 0xFF, 0xFF, .. "fiLl"u8];
        var endless = new StreamContent(new Endless(start, 11 * 1024 * 1024));
        endless.Headers.ContentType = Uploads.Type("image/png");
        try
        {
            using var answer = await city.Host.Upload("Bearer " + victim.AccessToken, alert, endless, change: static request => request.Headers.TransferEncodingChunked = true);
            await SosServerHost.IsProblem(answer, 413, "too-large");
        }
        catch (HttpRequestException)
        {
            // The server hung up while bytes were still coming: an answer too.
        }

        return Names.Take(8).Count() + 3;
    }

    private async Task<(Guid Alert, SessionAnswer Victim)> Press()
    {
        var victim = await city.Person();
        return ((await city.Press(victim)).GetProperty("id").GetGuid(), victim);
    }

    private string[] Stored(Guid alert)
    {
        var folder = Path.Combine(city.Host.DataDirectory, "attachments", alert.ToString("N"));
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private List<string> AllFiles() => [.. Directory.EnumerateFiles(city.Host.DataDirectory, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(city.Host.DataDirectory, path))];

    private static byte[] Zip()
    {
        var whole = new MemoryStream();
        using (var archive = new ZipArchive(whole, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("0", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[5_000_000]);
        }

        return whole.ToArray();
    }

    private static byte[] Gzip()
    {
        var whole = new MemoryStream();
        using (var packed = new GZipStream(whole, CompressionLevel.SmallestSize, leaveOpen: true)) packed.Write(new byte[5_000_000]);
        return whole.ToArray();
    }

    private static void Say(string figures)
    {
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
    }

    private sealed class Endless(byte[] start, long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, length - _at);
            for (var i = 0; i < count; i++, _at++) buffer[offset + i] = _at < start.Length ? start[_at] : (byte)0;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
