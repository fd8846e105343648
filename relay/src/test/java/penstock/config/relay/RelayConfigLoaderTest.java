package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.config.VenueName;
import penstock.testkit.Seeds;
import penstock.text.Address;

class RelayConfigLoaderTest {
    private static final String FEED = "feed { venue = binance }\n";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private static final String DAMAGE = "{}[]=\"$:,#\n\0\u2028-9a\\";

    @TempDir
    private Path folder;

    @Test
    void shouldReadTheDocumentedDefaults() {
        final RelayConfig config = load(FEED, Map.of());

        assertThat(config.feed())
            .isEqualTo(new FeedConfig(null, "binance", List.of(), List.of(), List.of(), Map.of()));
        assertThat(config.server())
            .isEqualTo(new ServerConfig(new ServerConfig.Address("127.0.0.1", 8080), 0,
            new ServerConfig.Limits(65_536, 20_000, 262_144),
            new ServerConfig.Edge(List.of(), List.of(), List.of(), false, new ServerConfig.Quotas(0, 0, 0)),
            false, false, new ServerConfig.Life(true, 4_000)));
        assertThat(config.fanout()).isEqualTo(new FanoutConfig(
            new FanoutConfig.Interval(100, 0, 60_000), 64 << 20, 20_000, 5_000, 10_000, 15_000,
            new FanoutConfig.Limits(50, 5_000, 20)));
        assertThat(config.ring()).isEqualTo(new RelayConfig.Ring(16_384, 8 << 20));
        assertThat(config.auth()).isEqualTo(new AuthConfig(AuthConfig.Mode.NONE, null, 20,
            AuthConfig.OnExcess.DENY_NEW, AuthConfig.Quotas.NONE,
            new AuthConfig.Jwt(null, null, null, AuthConfig.RsaAlgorithm.RS256, 30_000,
            new AuthConfig.Claims("products", null, null, null, null),
            new AuthConfig.Refresh(600_000, 30_000, 3_600_000)),
            new AuthConfig.Rights(null, null, 60_000, 600_000)));
        assertThat(config.admin()).isEqualTo(new AdminConfig(true, "127.0.0.1", 8081, null));
    }

    @Test
    void shouldShowThreeMessagesForThreeMistakes() {
        assertThat(problems("""
            feed { venue = binance }
            server {
              port = 99999
              max-session = 5
            }
            fanout.heartbeat = often
            """)).containsExactly(
            "relay.conf:3: server.port: must be a whole number from 0 to 65535, got 99999",
            "relay.conf:4: server.max-session: unknown key; did you mean max-sessions?",
            "relay.conf:6: fanout.heartbeat: must be a duration like 250ms, 5s or 2m, from 10ms to 1h, got often");
    }

    @Test
    void shouldApplyDefaultsFileEnvironmentAndSettingsInThisOrder() {
        final String file = FEED + "server { io-threads = 1, max-sessions = 1, port = 1 }";
        final Map<String, String> environment =
            Map.of("PENSTOCK_SERVER_MAX_SESSIONS", "2", "PENSTOCK_SERVER_PORT", "2", "HOME", "/");
        final ServerConfig server = load(file, environment, "server.port=3", "server.port=4").server();

        assertThat(server.listen().host()).isEqualTo("127.0.0.1");
        assertThat(server.ioThreads()).isEqualTo(1);
        assertThat(server.limits().maxSessions()).isEqualTo(2);
        assertThat(server.listen().port()).isEqualTo(4);
    }

    @Test
    void shouldReadEveryKindOfValueFromTheEnvironmentAndFromSettings() {
        final RelayConfig config = load("", Map.of(
            "PENSTOCK_FEED_VENUE", "json",
            "PENSTOCK_FEED_SYMBOLS", "EURUSD, GBPUSD",
            "PENSTOCK_FEED_HEADERS_X_API_KEY", "k",
            "PENSTOCK_FANOUT_INTERVAL_DEFAULT", "250ms",
            "PENSTOCK_SERVER_PUBLIC_METRICS", "true",
            "PENSTOCK_ADMIN_TOKEN", "t",
            "PENSTOCK_ADMIN_HOST", ""), "server.send-buffer=128k", "feed.channels=[quote, trade]",
            "feed.url=ws://h:1/a?b=c");

        assertThat(config.feed())
            .isEqualTo(new FeedConfig(null, "json", List.of("ws://h:1/a?b=c"), List.of("quote", "trade"),
            List.of("EURUSD", "GBPUSD"), Map.of("X-API-KEY", "k")));
        assertThat(config.fanout().interval().defaultMs()).isEqualTo(250);
        assertThat(config.server().publicMetrics()).isTrue();
        assertThat(config.server().limits().sendBufferBytes()).isEqualTo(131_072);
        assertThat(config.admin()).isEqualTo(new AdminConfig(true, "127.0.0.1", 8081, "t"));
    }

    @Test
    void shouldReadListsFromSettingsWhoseQuotesTheShellHasTaken() {
        final RelayConfig config = load(FEED, Map.of(), "feed.symbols=[EUR/USD, GBP*]",
            "products.fx.channels=[quote]", "products.fx.symbols=[EUR*,GBP*]");

        assertThat(config.feed().topics().symbols()).containsExactly("EUR/USD", "GBP*");
        assertThat(config.products().get("fx").symbols()).containsExactly("EUR*", "GBP*");
    }

    @Test
    void shouldNameTheVariableOrTheSettingThatIsWrong() {
        assertThat(problems(FEED, Map.of("PENSTOCK_SERVER_PROT", "1", "PENSTOCK_RING_SLOTS", "1000"),
            "server.prot=1", "server.port", "admin.token=x", "fanout.limits=3")).containsExactly(
            "PENSTOCK_SERVER_PROT: no such key; did you mean PENSTOCK_SERVER_PORT?",
            "--set: server.port: has no value; write --set key=value",
            "--set: admin.token: is a secret, and every user of this machine can read a command line; use "
                + "PENSTOCK_ADMIN_TOKEN or the file",
            "--set: fanout.limits: must be an object like { key = value }, got text",
            "--set: server.prot: unknown key; did you mean port?",
            "PENSTOCK_RING_SLOTS: ring.slots: must be a power of two, got 1000; 512 and 1024 are");
    }

    @Test
    void shouldReplaceWeakerUrlsByAStrongerOne() {
        final String file = "feed { venue = json, urls = [\"ws://a\", \"ws://b\"] }";

        assertThat(load(file, Map.of()).feed().urls()).extracting(Address::text).containsExactly("ws://a", "ws://b");
        assertThat(load(file, Map.of("PENSTOCK_FEED_URL", "ws://c")).feed().urls()).extracting(Address::text)
            .containsExactly("ws://c");
        assertThat(load(file, Map.of("PENSTOCK_FEED_URL", "ws://c"), "feed.urls=ws://d,ws://e").feed().urls())
            .extracting(Address::text).containsExactly("ws://d", "ws://e");
        assertThat(problems("feed { venue = json\n url = \"ws://a\"\n urls = [\"ws://b\"] }"))
            .containsExactly("relay.conf:3: feed.urls: is set, and url too; keep one of them");
    }

    @Test
    void shouldSubstituteVariables() {
        final RelayConfig config =
            load(FEED + "admin.token = ${?PENSTOCK_MINE}\nserver.port = ${PORT}\nserver.host = ${?NOT_SET}",
            Map.of("PENSTOCK_MINE", "t", "PORT", "9"));

        assertThat(config.admin().token()).isEqualTo("t");
        assertThat(config.server().listen().port()).isEqualTo(9);
        assertThat(config.server().listen().host()).isEqualTo("127.0.0.1");
        assertThat(problems("server.port = 1\nserver.host = ${NOT_SET}"))
            .containsExactly("relay.conf:2: Could not resolve substitution to a value: ${NOT_SET}");
    }

    @Test
    void shouldTreatNullAsNotSet() {
        assertThat(load(FEED + "server.port = null, fanout = null", Map.of()).server().listen().port()).isEqualTo(8080);
    }

    @Test
    void shouldReportAMissingVenueAtItsPlace() {
        assertThat(problems("server.port = 0\n\nfeed {\n symbols = [A] }")).singleElement().asString()
            .startsWith("relay.conf:3: feed.venue: is missing; name a built-in venue (alpaca, ")
            .contains(VenueName.BUILT_IN);
        assertThat(problems("server.port = 0")).singleElement().asString().startsWith("relay.conf");
    }

    @Test
    void shouldAcceptOnDemandSymbols() {
        assertThat(load("feed { venue = json, symbols = on-demand, linger = 5s }", Map.of()).feed().isOnDemand())
            .isTrue();
        assertThat(load("feed.venue = json", Map.of("PENSTOCK_FEED_SYMBOLS", "on-demand")).feed().isOnDemand())
            .isTrue();
        assertThat(load("feed { venue = json, symbols = [A] }", Map.of()).feed().isOnDemand()).isFalse();
        assertThat(problems("feed { venue = json\n symbols = [A, on-demand] }")).containsExactly(
            "relay.conf:2: feed.symbols: on-demand stands alone: symbols = on-demand, or a list of symbols without it");
    }

    @Test
    void shouldCheckValuesAgainstEachOther() {
        assertThat(problems(FEED + """
            fanout.interval { min = 200ms }
            fanout { ping-every = 60s, pong-within = 20s }
            ring { slots = 65536
              bytes = 1MiB }
            admin.host = "0.0.0.0"
            """)).containsExactly(
            "relay.conf:2: fanout.interval.min: default 100ms must lie between min 200ms and max 60s",
            "relay.conf:3: fanout.pong-within: pong-within 20s must be longer than ping-every 60s",
            "relay.conf:5: ring.bytes: bytes 1MiB must be at least 64 for each of the 65536 slots: 4MiB",
            "relay.conf:6: admin.host: other machines can reach 0.0.0.0, so admin.token must be set; "
                + "set PENSTOCK_ADMIN_TOKEN, or use 127.0.0.1");
    }

    @Test
    void shouldExplainWhoMaySendRequests() {
        assertThat(problems(FEED + """
            server {
              host-names = [relay.example.com, "relay.example.com:8080", "https://relay", "*.example.com"]
              allowed-origins = ["https://a.example", "null", "https://a.example/x", a.example]
              trusted-proxies = [10.0.0.1, "10.0.0.0/8", "2001:db8::/32", proxy.example.com, "10.0.0.0/33"]
              max-sessions-per-address = -1
            }
            """)).containsExactly(
            "relay.conf:3: server.host-names: must be names like relay.example.com, without a scheme and a port, got "
                + "relay.example.com:8080",
            "relay.conf:3: server.host-names: must be names like relay.example.com, without a scheme and a port, got "
                + "https://relay",
            "relay.conf:3: server.host-names: must be names like relay.example.com, without a scheme and a port, got "
                + "*.example.com",
            "relay.conf:4: server.allowed-origins: null is the origin of every sandboxed page and every file; use \"*\" "
                + "if every page may use the relay",
            "relay.conf:4: server.allowed-origins: must be \"*\" or origins like https://example.com, without a path, "
                + "got https://a.example/x",
            "relay.conf:4: server.allowed-origins: must be \"*\" or origins like https://example.com, without a path, "
                + "got a.example",
            "relay.conf:5: server.trusted-proxies: must be addresses like 10.0.0.5 or blocks like 10.0.0.0/8, got "
                + "proxy.example.com",
            "relay.conf:5: server.trusted-proxies: must be addresses like 10.0.0.5 or blocks like 10.0.0.0/8, got "
                + "10.0.0.0/33",
            "relay.conf:6: server.max-sessions-per-address: must be a whole number from 0 to 1000000, got -1");
        assertThat(problems(FEED + "server.proxy-protocol = true")).containsExactly("relay.conf:2: "
            + "server.proxy-protocol: is only read from proxies in trusted-proxies, and there are none; list their "
            + "addresses");
    }

    @Test
    void shouldRejectAddressesThatCannotBeAFeed() {
        assertThat(problems("feed { venue = json, urls = "
            + "[\"http://u:secret@h/?key=secret\", \"wss:///x\", \"ws://h/a b\", \"ws://h:99999\"] }"))
            .containsExactly(
                "relay.conf:1: feed.urls: must begin with ws://, wss:// or tcp://, or be stdin:, got "
                    + "http://***@h/?key=***",
                "relay.conf:1: feed.urls: has no valid host and port; write it like wss://stream.example.com:9443/path",
                "relay.conf:1: feed.urls: is not an address: Illegal character in path at character 9; "
                    + "write it like wss://stream.example.com:9443/path",
                "relay.conf:1: feed.urls: must have a port from 1 to 65535, got ws://h:99999");
        assertThat(load("feed { venue = json, url = \"wss://h/stream?streams={streams}\" }", Map.of()).feed().urls()).extracting(Address::text)
            .hasSize(1);
    }

    @Test
    void shouldReportAnUnreadableFileAsOneProblem() throws IOException {
        final Path broken = Files.writeString(folder.resolve("broken.conf"), "server {\n  port = 1\n  = 2\n}\n");

        assertThat(problems(broken)).singleElement().asString().startsWith(broken + ":3: ");
        assertThat(problems(folder.resolve("none.conf"))).singleElement().asString()
            .isEqualTo(folder.resolve("none.conf") + ": no such file; looked for " + folder.resolve("none.conf"));
        assertThat(problems(folder)).singleElement().asString()
            .isEqualTo(folder + ": is a directory; name a file in it");
    }

    @Test
    void shouldExplainHowToWriteAnAddress() {
        assertThat(problems("feed {\n url = ws://h:1/x\n}"))
            .containsExactly("relay.conf:2: Expecting close brace } or a comma, got ':' "
            + "(if you intended ':' to be part of a key or string value, try enclosing the key or value in double "
            + "quotes)");
        assertThat(problems(FEED + "server.host = \"localhost:80\"\nadmin.host = \"a b\"")).containsExactly(
            "relay.conf:2: server.host: must be without a port, got localhost:80; the port has a key of its own",
            "relay.conf:3: admin.host: must be a host name or an address like 127.0.0.1 or ::1, got \"a b\"");
    }

    @Test
    void shouldFindAVenueFileNextToTheConfiguration() throws IOException {
        final Path venue = Files.writeString(folder.resolve("mine.conf"), "");
        final Path file = Files.writeString(folder.resolve("relay.conf"), "feed.venue = mine.conf");

        final FeedConfig feed = new RelayConfigLoader(Map.of()).load(file, List.of()).feed();
        assertThat(feed.identity().venue()).isEqualTo(venue.toString());
        assertThat(feed.identity().name()).isNull();
        Files.delete(venue);
        assertThat(problems(file)).singleElement().asString()
            .isEqualTo(file + ":1: feed.venue: no such file; looked for " + venue + ", then in the working directory");
    }

    @Test
    void shouldNeverPrintASecret() {
        final RelayConfig config = load("""
            feed { venue = json, url = "wss://host:1/p@th?SECRET&key=SECRET&a=SECRET", headers { X-Key = SECRET } }
            admin.token = SECRET
            """, Map.of());

        assertThat(config.feed().urls().get(0).text()).contains("SECRET");
        assertThat(List.of(config.toString(), config.toHocon(), config.feed().toString(), config.admin().toString()))
            .noneMatch(text -> text.contains("SECRET"))
            .allMatch(text -> text.contains("***"));
        assertThat(config.toHocon())
            .contains("urls = [\"wss://host:1/p@th?***&key=***&a=***\"]", "headers = {X-Key = \"***\"}");
        assertThat(problems(
            "feed { venue = json, headers = SECRET, urls = SECRET, url = [SECRET] }\nadmin.token = [SECRET]"))
            .hasSize(4).noneMatch(text -> text.contains("SECRET"));
    }

    @Test
    void shouldReadTheProxyAndExplainAWrongOne() {
        assertThat(load("feed.venue = json", Map.of()).feed().access().proxy()).isNull();
        assertThat(load("feed { venue = json, proxy = none }", Map.of()).feed().access().proxy()).isEqualTo("none");
        assertThat(load("feed.venue = json", Map.of("PENSTOCK_FEED_PROXY", "proxy.test:3128")).feed().access().proxy())
            .isEqualTo("http://proxy.test:3128");
        for (final String wrong : List.of("https://me:SECRET@proxy.test", "socks5://proxy.test", "http://me:SEC/RET@p",
            "http://proxy.test:3128/path", "http://", "")) {
            assertThat(problems("feed.venue = json\nfeed.proxy = \"" + wrong + "\"")).singleElement().asString()
                .isEqualTo("relay.conf:2: feed.proxy: must be none or the address of an HTTP proxy, like "
                    + "http://proxy.example.com:3128 or http://user:password@host:port with special characters as %XX");
        }
    }

    @Test
    void shouldPrintAConfigurationThatLoadsToTheSameValues() {
        final RelayConfig config = load("""
            feed { name = "my feed", venue = json, url = "ws://h:1/p", channels = [quote], symbols = ["A.B", "null"] }
            fanout { interval { default = 1500ms, max = 50m }, journal = 0, heartbeat = 2m }
            admin { enabled = false, port = 0 }
            """, Map.of());

        assertThat(load(config.toHocon(), Map.of())).isEqualTo(config);
        assertThat(config.toHocon()).contains("  interval {\n    default = 1500ms\n    min = 0\n    max = 50m\n  }\n");
    }

    @Test
    void shouldReportAnyDamageAsProblems() throws IOException {
        final Random random = seeds.random();
        final String fine;
        try (InputStream stream = RelayConfig.class.getResourceAsStream("/penstock/relay.conf")) {
            fine = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (int i = 0; i < 300; i++) {
            final StringBuilder text = new StringBuilder(fine);
            for (int n = random.nextInt(4); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), DAMAGE.charAt(random.nextInt(DAMAGE.length())));
            }
            final Throwable thrown = catchThrowable(() -> load(text.toString(), Map.of()));
            if (thrown != null) { // damage may also hit a comment, and turn the missing venue into a name
                assertThat(thrown).as("round " + i).isInstanceOf(ConfigException.class);
                assertThat(lines((ConfigException) thrown)).as("round " + i).isNotEmpty();
            }
        }
    }

    private static RelayConfig load(final String text, final Map<String, String> environment,
            final String... settings) {
        return new RelayConfigLoader(environment).loadText("relay.conf", text, List.of(settings));
    }

    private static List<String> problems(final String text) {
        return problems(text, Map.of());
    }

    private static List<String> problems(final String text, final Map<String, String> environment,
            final String... settings) {
        return lines(catchThrowableOfType(ConfigException.class, () -> load(text, environment, settings)));
    }

    private static List<String> problems(final Path file) {
        return lines(
            catchThrowableOfType(ConfigException.class, () -> new RelayConfigLoader(Map.of()).load(file, List.of())));
    }

    private static List<String> lines(final ConfigException refused) {
        assertThat(refused.getMessage().lines()).hasSameSizeAs(refused.problems());
        return refused.problems().stream().map(Problem::toString).toList();
    }
}
