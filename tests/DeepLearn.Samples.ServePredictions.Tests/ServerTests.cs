using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace DeepLearn.Samples.ServePredictions.Tests;

/// <summary>The server, asked over the network as its users do.</summary>
/// <param name="running">The server, which trains its models once for all tests.</param>
public sealed class ServerTests(ServerTests.Running running) : IClassFixture<ServerTests.Running>
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private HttpClient Client => running.Client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_is_healthy_and_describes_itself()
    {
        Assert.Equal("Healthy", await Client.GetStringAsync("/health", Token));
        JsonElement document = await Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Token);
        string[] paths = [.. document.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.Contains("/houses", paths);
        Assert.Contains("/images/files", paths);
        Assert.Contains("A network looks at a picture", await Client.GetStringAsync("/", Token));
    }

    [Fact]
    public async Task Price_of_a_house_is_near_what_the_data_were_made_of()
    {
        // 1,000 + 20 * 100 + 50 * 4 + 1,500.
        Assert.InRange(await PriceOf("""{"area":100,"rooms":4,"town":"Cedar"}"""), 4_550, 4_850);
        Assert.InRange(await PriceOf("""{"town":"Ash","area":100}"""), 2_900, 3_500);

        async Task<double> PriceOf(string json)
        {
            HttpResponseMessage answer = await PostJson("/houses", json);
            return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("price").GetDouble();
        }
    }

    [Theory]
    [InlineData("""{"area":100,"rooms":4,"town":"Elm"}""", "town", "Expected one of Ash, Birch, Cedar as town; found 'Elm'.")]
    [InlineData("""{"aera":100,"rooms":4,"town":"Ash"}""", "aera", "Expected the features area, rooms, town; found 'aera'.")]
    [InlineData("""{"area":"big","rooms":4,"town":"Ash"}""", "area", "Expected a finite number as area; found 'big'.")]
    [InlineData("""{"area":[1],"rooms":4,"town":"Ash"}""", "area", "found JSON's Array")]
    public async Task Example_that_cannot_be_predicted_is_answered_with_400_and_names_the_feature(
        string json, string feature, string message)
    {
        HttpResponseMessage answer = await PostJson("/houses", json);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Contains(message, problem.GetProperty("errors").GetProperty(feature)[0].GetString());
    }

    [Fact]
    public async Task Body_that_cannot_be_read_is_answered_with_problem_details()
    {
        HttpResponseMessage answer = await PostJson("/houses", "{area: 100");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(400, (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("status").GetInt32());
        answer = await Client.PostAsync("/images/files", new MultipartFormDataContent { { new StringContent("x"), "file" } }, Token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal(415, (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Upload_that_is_no_image_or_of_another_size_is_answered_with_400()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostBytes("/images/files", [1, 2, 3])).StatusCode);
        HttpResponseMessage answer = await PostBytes("/images/pixels", new byte[5]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("3072 bytes; found 5", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync("/images/examples/999", null, Token)).StatusCode);
    }

    /// <summary>A picture of 32x32 as a PNG is the same example as its pixels; most of the test set's are recognized.</summary>
    [Fact]
    public async Task Picture_is_predicted_as_pixels_as_a_PNG_and_by_its_number_alike()
    {
        ExampleImage[] examples = (await Client.GetFromJsonAsync<ExampleImage[]>("/images/examples", Web, Token))!;
        int right = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            byte[] bitmap = await Client.GetByteArrayAsync($"/images/examples/{i}", Token), pixels = PixelsOf(bitmap);
            string byNumber = await (await Client.PostAsync($"/images/examples/{i}", null, Token)).Content.ReadAsStringAsync(Token);
            Assert.Equal(byNumber, await (await PostBytes("/images/pixels", pixels)).Content.ReadAsStringAsync(Token));
            Assert.Equal(byNumber, await (await PostBytes("/images/files", Png.Of(32, 32, pixels))).Content.ReadAsStringAsync(Token));
            ImageAnswer answer = JsonSerializer.Deserialize<ImageAnswer>(byNumber, Web)!;
            Assert.Equal(5, answer.Top.Count);
            right += answer.ClassName == examples[i].ClassName ? 1 : 0;
        }
        Assert.InRange(right, examples.Length / 3, examples.Length);
    }

    [Fact]
    public async Task Sixty_four_clients_at_once_are_answered_as_one_after_the_other()
    {
        ExampleImage[] examples = (await Client.GetFromJsonAsync<ExampleImage[]>("/images/examples", Web, Token))!;
        var requests = new List<Func<HttpClient, Task<string>>>();
        for (int i = 0; i < examples.Length; i++)
        {
            byte[] pixels = PixelsOf(await Client.GetByteArrayAsync($"/images/examples/{i}", Token));
            requests.Add(async client => await (await client.PostAsync("/images/pixels", new ByteArrayContent(pixels), Token))
                .Content.ReadAsStringAsync(Token));
            string house = $$"""{"area":{{50 + i}},"rooms":{{1 + (i % 6)}},"town":"{{(i % 2 == 0 ? "Ash" : "Cedar")}}"}""";
            requests.Add(async client => await (await client.PostAsync(
                "/houses", new StringContent(house, System.Text.Encoding.UTF8, "application/json"),
                Token)).Content.ReadAsStringAsync(Token));
        }
        var expected = new string[requests.Count];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = await requests[i](Client);
        Assert.True(expected.Distinct().Count() > examples.Length);

        int asked = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async number =>
        {
            await Task.Yield();
            using var client = new HttpClient { BaseAddress = Client.BaseAddress };
            for (int round = 0; round < 12; round++)
            {
                int i = ((number * 7) + (round * 5)) % requests.Count;
                Assert.Equal(expected[i], await requests[i](client));
                Interlocked.Increment(ref asked);
            }
        }));
        Assert.Equal(64 * 12, asked);
    }

    private static byte[] PixelsOf(byte[] bitmap)
    {
        var pixels = new byte[32 * 32 * 3];
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                for (int c = 0; c < 3; c++)
                    pixels[(((y * 32) + x) * 3) + c] = bitmap[54 + ((((31 - y) * 32) + x) * 3) + 2 - c];
            }
        }
        return pixels;
    }

    private Task<HttpResponseMessage> PostJson(string path, string json) =>
        Client.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"), Token);

    private Task<HttpResponseMessage> PostBytes(string path, byte[] bytes) => Client.PostAsync(path, new ByteArrayContent(bytes), Token);

    /// <summary>The server on a free port, with models that it trains into a folder of its own.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("serve-predictions").FullName;
        private WebApplication? _server;

        /// <summary>A client of the server.</summary>
        public HttpClient Client { get; } = new();

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            _server = Server.Create(
            [
                "--urls", "http://127.0.0.1:0", "--images", Path.Combine(_folder, "images.safetensors"),
                "--houses", Path.Combine(_folder, "houses.safetensors"), "--Logging:LogLevel:Default", "Warning",
            ]);
            await _server.StartAsync();
            Client.BaseAddress = new(_server.Urls.First());
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await _server!.DisposeAsync();
            Client.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
