package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;
import penstock.upstream.ScriptedServer;

/** A venue with an authority of its own that wants the relay's certificate; the relay is configured by feed.tls. */
@Timeout(Patience.TEST_SECONDS)
class SecuredVenueTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final SSLContext VENUE = AUTHORITY.context(AUTHORITY.issue("venue", "localhost"));

    private final List<String> shown = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;
    private String[] trust;
    private String[] trustAndShow;

    @BeforeEach
    void writeFiles() {
        AUTHORITY.write(folder.resolve("authorities.pem"));
        AUTHORITY.issue("relay").write(folder.resolve("relay.pem"), folder.resolve("relay.key"));
        trust = new String[] {"feed.tls.authorities=" + folder.resolve("authorities.pem")};
        trustAndShow = new String[] {trust[0],
            "feed.tls.certificate=" + folder.resolve("relay.pem"),
            "feed.tls.key=" + folder.resolve("relay.key")};
    }

    @Test
    void shouldServeAVenueThatWantsACertificate() throws Exception {
        try (ScriptedServer venue = venue(VENUE, true); FaultRig rig = rig(venue, trustAndShow)) {
            rig.awaitValue("BTCUSDT", 1);
            rig.awaitReady(200, "\"ready\":true", "\"feed\":\"live\"");
            assertThat(shown).containsExactly("CN=relay");
            assertThat(venue.failures).isEmpty();
        }
    }

    @Test
    void shouldSayThatTheVenueWantsACertificate() throws Exception {
        try (ScriptedServer venue = venue(VENUE, true); FaultRig rig = rig(venue, trust)) {
            awaitLoss(rig, "the server wants a certificate of the relay, or refuses the one it has; see "
                + "feed.tls.certificate");
        }
    }

    @Test
    void shouldNotTrustAnAuthorityThatTheJvmDoesNotKnow() throws Exception {
        try (ScriptedServer venue = venue(VENUE, false); FaultRig rig = rig(venue)) {
            awaitLoss(rig, "no authority that the relay trusts has signed the server's certificate; see "
                + "feed.tls.authorities");
        }
    }

    @Test
    void shouldNotTrustACertificateOfAnotherHost() throws Exception {
        final SSLContext other = AUTHORITY.context(AUTHORITY.issue("venue", "other.example"));
        try (ScriptedServer venue = venue(other, false); FaultRig rig = rig(venue, trust)) {
            awaitLoss(rig, "the server's certificate is for another host");
        }
    }

    @Test
    void shouldNotTrustAnExpiredCertificate() throws Exception {
        final SSLContext expired = AUTHORITY.context(AUTHORITY.issueExpired("venue", "localhost"));
        try (ScriptedServer venue = venue(expired, false); FaultRig rig = rig(venue, trust)) {
            awaitLoss(rig, "the server's certificate has expired");
        }
    }

    @Test
    void shouldFetchTheListOfInstrumentsWithTheSameSettings() throws Exception {
        final HttpsServer lists = lists();
        try (ScriptedServer venue = venue(VENUE, true); FaultRig rig = onDemand(venue, lists, trustAndShow)) {
            final Collection<Subscriber> strangers = new ArrayList<>();
            await("the list").until(() -> {
                strangers.add(rig.rig.fleet.open("/v1/ws?symbols=NONE" + strangers.size(), 0));
                return strangers.stream().flatMap(each -> each.controls.stream())
                    .anyMatch(text -> text.contains("the venue lists no such symbol"));
            });
            assertThat(shown).contains("list CN=relay");
        } finally {
            lists.stop(0);
        }
    }

    @Test
    void shouldSayWhyItHasNoListOfInstruments() throws Exception {
        final HttpsServer lists = lists();
        try (ScriptedServer venue = venue(VENUE, false); FaultRig rig = onDemand(venue, lists)) {
            await("the log").until(() -> rig.log().stream()
                .anyMatch(line -> line.contains("no list of instruments") && line.contains("TLS failed: no authority "
                    + "that the relay trusts has signed the server's certificate; see feed.tls.authorities (")));
            assertThat(shown).isEmpty();
        } finally {
            lists.stop(0);
        }
    }

    /** Log and readiness name the cause; no connection is made. */
    private void awaitLoss(final FaultRig rig, final String words) throws Exception {
        rig.awaitReady(503, "\"ready\":false", "\"reason\":\"upstream_untrusted\"");
        await(words).until(() -> rig.log().stream()
            .anyMatch(line -> line.contains("upstream_untrusted") && line.contains(": " + words + " (")));
        assertThat(rig.metric("feed_connects_total")).isZero();
        assertThat(shown).isEmpty();
    }

    private ScriptedServer venue(final SSLContext context, final boolean wantsCertificate) throws IOException {
        return new ScriptedServer(context.getServerSocketFactory(), peer -> {
            final SSLSocket socket = (SSLSocket) peer.socket;
            socket.setNeedClientAuth(wantsCertificate);
            peer.request();
            shown.add(wantsCertificate ? socket.getSession().getPeerPrincipal().getName() : "nothing");
            untilClosed(subscribed(peer).text(quote("BTCUSDT", 1)));
        });
    }

    private FaultRig rig(final ScriptedServer venue, final String... settings) throws IOException {
        return new FaultRig(FaultyVenue.plain().file(folder), List.of(url(venue)), null, settings);
    }

    private FaultRig onDemand(final ScriptedServer venue, final HttpsServer lists, final String... settings)
            throws IOException {
        final String file = FaultyVenue.plain().connection("urls = [\"" + url(venue) + "\"]")
            .more("subscribe.unsubscribe = \"\"\"{\"op\":\"unsubscribe\",\"symbols\":{symbols|json},\"id\":{id}}\"\"\"\n"
                + "instruments { url = \"https://localhost:" + lists.getAddress().getPort()
                + "/list\", names = \"$/*\" }").file(folder);
        return new FaultRig(file, List.of(url(venue)), null,
            Stream.concat(Stream.of("feed.symbols=on-demand"), Stream.of(settings)).toArray(String[]::new));
    }

    private static String url(final ScriptedServer venue) {
        return "wss://localhost:" + venue.port() + "/feed";
    }

    private HttpsServer lists() throws IOException {
        final HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(VENUE) {
            @Override
            public void configure(final HttpsParameters parameters) {
                final SSLParameters wanted = VENUE.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/list", this::answerList);
        server.start();
        return server;
    }

    private void answerList(final HttpExchange exchange) throws IOException {
        shown.add("list " + ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName());
        final byte[] list = "[\"BTCUSDT\"]".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, list.length);
        exchange.getResponseBody().write(list);
        exchange.close();
    }
}
