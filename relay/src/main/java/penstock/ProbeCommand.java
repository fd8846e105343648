package penstock;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import penstock.config.VenueName;
import penstock.text.Address;
import penstock.tls.CertifiedKey;
import penstock.tls.TlsContexts;
import penstock.tls.TlsFailure;
import penstock.upstream.HttpProxy;
import penstock.upstream.LoginRequests;
import penstock.upstream.ProxyRoutes;
import penstock.upstream.UpstreamSettings;
import penstock.upstream.login.LoginOnce;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.UpstreamUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** {@code probe}: prints how a venue's rules interpret a live feed. Owned by the main thread. */
@Command(name = "probe", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Connect to a feed and show, message by message, how the rules of a venue interpret it.",
    description = {"", "Reads keys and tokens, calls plugins, logs in and subscribes as the venue file says, once: no attempt is "
            + "repeated.",
        "Prints one line per message: number and size, then channel, symbol, kind and value; or ack, heartbeat and "
            + "the like; or NO RULE. At the end the counts of check --against.", "",
        "Exit code: 0 every message was used; 1 some were not, or there was no connection or no login; 2 wrong usage; "
            + "78 the venue file is wrong.", ""},
    footer = {"", "Examples:",
        "  scripts/relay probe --venue binance --symbols BTCUSDT --count 20",
        "  scripts/relay probe ws://127.0.0.1:9100/feed --venue my-venue.conf --seconds 10"})
final class ProbeCommand implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    @Parameters(paramLabel = "URL", arity = "0..1",
        description = "ws or wss address. Default: the venue's first one that has the channels")
    private String url;

    @Option(names = "--venue", paramLabel = "V", defaultValue = "json",
        completionCandidates = VenueName.Candidates.class,
        description = "a venue file, or a built-in venue: ${COMPLETION-CANDIDATES}. Default: json")
    private String name;

    @Option(names = "--symbols", paramLabel = "LIST", split = ",",
        description = "symbols to subscribe to, as the venue spells them")
    private List<String> symbols = List.of();

    @Option(names = "--channel", paramLabel = "LIST", split = ",",
        description = "channels of the venue. Default: its default channel")
    private List<String> channels = List.of();

    @Option(names = "--proxy", paramLabel = "P",
        description = "HTTP proxy, like feed.proxy. Default: HTTPS_PROXY and NO_PROXY of the environment")
    private String proxy;

    @Option(names = "--ca", paramLabel = "FILE",
        description = "PEM file of the authorities to trust for wss, like feed.tls.authorities. Default: those of the "
            + "JVM")
    private Path authorities;

    @Option(names = "--certificate", paramLabel = "FILE",
        description = "PEM file with a certificate for a venue that wants one, like feed.tls.certificate; with --key")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM file with its private key, like feed.tls.key")
    private Path key;

    @Option(names = "--count", paramLabel = "N", description = "end after N messages. Default: 100")
    private long count = 100;

    @Option(names = "--seconds", paramLabel = "N", description = "end after N seconds. Default: 30")
    private long seconds = 30;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if ((certificate == null) != (key == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "give --certificate and --key together");
        }
        try {
            final Venue venue = Venue.load(name);
            final List<Address> own = venue.connection().endpoint().addresses().get(addressName(venue));
            final String address = url == null && !own.isEmpty() ? own.get(0).text() : url;
            final boolean isFilledIn = address != null && UpstreamUrl.hasPlaceholders(address);
            if (address == null || !isFilledIn && !address.startsWith("ws://") && !address.startsWith("wss://")) {
                throw new CommandLine.ParameterException(spec.commandLine(),
                    "give an address that begins with ws:// or wss://");
            }
            if (!isFilledIn) {
                uri(address);
            }
            return probe(venue, UpstreamUrl.parse(address));
        } catch (final IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            return ExitCode.FAILED.code();
        }
    }

    private int probe(final Venue venue, final UpstreamUrl url) throws InterruptedException {
        final ProxyRoutes proxies = ProxyRoutes.of(proxy, System::getenv);
        final SSLContext tls = tls();
        final UpstreamSettings settings = UpstreamSettings.of(venue.connection(), Map.of(), tls);
        final Map<String, String> values = LoginOnce.read(venue.login(), url, settings,
            new LoginRequests(tls, settings.userAgent(), proxies));
        if (!values.isEmpty()) {
            // arguments of a command may be secret
            System.out.println("values of the login: " + values.keySet().stream()
                .map(origin -> origin.replaceFirst("^(exec:\\S+) .*", "$1 …")).collect(Collectors.joining(", ")));
        }
        final UpstreamUrl filled = url.filled(values);
        final URI uri = uri(filled.text());
        final Probe probe = new Probe(venue, subscribed(venue), symbols, count, System.out);
        final HttpProxy way = proxies.to(uri);
        final WebSocket.Builder builder = client(proxies, tls).newWebSocketBuilder().connectTimeout(CONNECT);
        settings.filled(values).headers().forEach(builder::header);
        if (way != null && way.authorization() != null) {
            builder.header("Proxy-Authorization", way.authorization());
        }
        if (venue.connection().endpoint().subprotocol() != null) {
            builder.subprotocols(venue.connection().endpoint().subprotocol());
        }
        final WebSocket socket;
        try {
            socket = builder.buildAsync(uri, probe).join();
        } catch (final CompletionException e) {
            final String ofTls = TlsFailure.explain(e.getCause(), "feed.tls");
            // the address may hold a key, and the cause may repeat it
            System.err.println("cannot connect" + (way == null ? "" : " through the proxy " + way) + ": "
                + (ofTls == null ? e.getCause().toString() : "TLS failed: " + ofTls)
                .replace(uri.toString(), filled.toString()));
            return ExitCode.FAILED.code();
        }
        probe.awaitEnd(seconds, TimeUnit.SECONDS);
        socket.abort();
        return probe.report() ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    }

    private List<String> subscribed(final Venue venue) {
        return channels.isEmpty() ? List.of(venue.channels().get(0).name()) : channels;
    }

    /** The name of the address where the venue has the channels. */
    private String addressName(final Venue venue) {
        final List<String> subscribed = subscribed(venue);
        final List<String> names = venue.channels().stream().filter(channel -> subscribed.contains(channel.name()))
            .map(ChannelSpec::address).distinct().toList();
        if (url == null && names.size() > 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "the venue has the channels "
                + String.join(", ", subscribed) + " at different addresses; probe them one after the other");
        }
        return names.isEmpty() ? ConnectionSpec.Endpoint.MAIN : names.get(0);
    }

    /** Null = the trust store of the JVM, and no certificate. */
    private SSLContext tls() {
        return authorities == null && certificate == null ? null
            : TlsContexts.of(certificate == null ? null : CertifiedKey.read("--", certificate, key),
                authorities == null ? null : TlsContexts.authorities("--ca", authorities));
    }

    private static HttpClient client(final ProxyRoutes proxies, final SSLContext tls) {
        final HttpClient.Builder builder = HttpClient.newBuilder().proxy(proxies.selector());
        return (tls == null ? builder : builder.sslContext(tls)).build();
    }

    private URI uri(final String address) {
        try {
            return new URI(address);
        } catch (final URISyntaxException e) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "not an address: " + new Address(address) + ": " + e.getReason());
        }
    }
}
