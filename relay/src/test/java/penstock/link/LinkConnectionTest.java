package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;
import penstock.testkit.RecordedLog;
import penstock.upstream.UpstreamFactory;

/** How the link is kept: when it is stale, which address is next, which relay it does not follow. */
class LinkConnectionTest {
    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters("feed");
    private final MirrorTarget target = new MirrorTarget();
    private final List<PlayedRelay> servers = new ArrayList<>();
    private LinkConnection link;

    @BeforeEach
    void start() {
        begin("ws://a:1", "ws://b:1");
    }

    private void begin(final String... urls) {
        servers.clear();
        target.take();
        final UpstreamFactory upstreams = (url, listener) -> {
            servers.add(new PlayedRelay(clock, url, listener));
            return last();
        };
        link = new LinkConnection(LinkPlan.of(List.of(urls), "edge~1", 100), upstreams, clock,
            new Random(1), target, counters);
        link.onStart();
    }

    @Test
    void shouldAskForWhatALinkNeeds() {
        assertThat(last().url.text()).isEqualTo("ws://a:1/v1/ws?link=edge~1");
        last().open().welcome(7, "\"ingest~1\"");
        assertThat(last().sent).containsExactly("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"0\",\"channel\":\"quote\","
            + "\"mode\":\"conflate\",\"payload\":true,\"interval\":1,\"symbols\":[\"*\"]}");
        assertThat(target.hops).containsExactly("ingest~1");
        assertThat(link.status().state()).isEqualTo(SessionState.LOGGING_IN);
        assertThat(target.take()).containsExactly("epoch 7", "feed 0 demo [0=quote]");

        last().images(7, false, 40);
        assertThat(target.take()).containsExactly("feed 0 LIVE null p40");
        assertThat(link.status().state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldBeStaleWhenNoByteCameFor750Ms() {
        last().live(7, false, 40);
        clock.advance(700);
        last().heartbeat();
        target.take();
        clock.advance(749);
        assertThat(target.take()).isEmpty();
        assertThat(servers).hasSize(1);
        clock.advance(1);
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_silent p40");
        assertThat(servers.get(0).isAborted).isTrue();
        assertThat(counters.get(Counter.FEED_SILENCES)).isOne();

        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        assertThat(servers).hasSize(2);
        assertThat(last().open().welcome(7, "\"ingest~1\"").sent.get(0))
            .contains("\"resume\":{\"epoch\":7,\"p\":40,\"symbols\":[\"*\"]}");
        clock.advance(2_000);
        assertThat(target.take()).as("stale once, however long it takes").isEmpty();
        last().images(7, true, 60);
        assertThat(target.take()).containsExactly("feed 0 LIVE null p60");
    }

    @Test
    void shouldNotShowACutThatIsOverBefore() {
        last().live(7, false, 40);
        target.take();
        clock.advance(200);
        last().lose(1006);
        clock.advance(500);
        assertThat(servers).hasSize(2);
        last().live(7, true, 50);
        clock.advance(749);
        assertThat(target.take()).isEmpty();
        assertThat(link.status().state()).isEqualTo(SessionState.LIVE);
        assertThat(counters.get(Counter.LINK_RESUMED)).isOne();
        assertThat(counters.get(Counter.LINK_BEGUN)).isOne();
    }

    @Test
    void shouldBeStaleThoughAConnectionIsOpenThatHasNotBroughtWhatWasMissed() {
        last().live(7, false, 40);
        target.take();
        last().lose(1006);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        last().open().welcome(7, "\"ingest~1\"");
        for (int i = 0; i < 14; i++) {
            clock.advance(50);
            last().heartbeat();
        }
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p40");
        last().images(7, true, 41);
        assertThat(target.take()).containsExactly("feed 0 LIVE null p41");
    }

    @Test
    void shouldLeaveARelayThatComesToBeBehindThisOne() {
        last().live(7, false, 40);
        last().text("{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"live\",\"hops\":[\"ingest~1\",\"ingest~2\"],\"p\":1}");
        assertThat(target.hops).containsExactly("ingest~1", "ingest~2");
        last().text("{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"stale\",\"hops\":[\"ingest~1\",\"edge~1\"],\"p\":1}");
        assertThat(servers.get(0).isAborted).isTrue();
        assertThat(counters.get(Counter.LINK_REFUSALS)).isOne();
    }

    /** Between two relays that follow each other a state would go round for ever. */
    @Test
    void shouldNotTakeTheStateOfTheFeedFromARelayThatComesToBeBehindThisOne() {
        last().live(7, false, 40);
        target.take();
        last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"live\",\"since\":1,\"p\":40,"
            + "\"hops\":[\"edge~1\",\"ingest~2\"]}");
        assertThat(servers.get(0).isAborted).isTrue();
        assertThat(target.take()).isEmpty();
    }

    @Test
    void shouldSayHowOldIsWhatItPublishes() {
        assertThat(link.status().reading().lagNs()).as("nothing has come").isEqualTo(-1);
        last().live(7, false, 40);
        last().topics("[3,\"A\",0]");
        last().binary(Envelopes.update(7, 0, 3, 1, 41));
        assertThat(link.status().reading().held()).as("it waits for its position").isPositive();
        clock.advance(30);
        last().position(41);
        final LinkReading reading = link.status().reading();
        assertThat(reading.lagNs()).isEqualTo(30_000_000);
        assertThat(reading.held()).isZero();
        assertThat(reading.epoch()).isEqualTo(7);
        assertThat(reading.hops()).containsExactly("ingest~1");
        assertThat(reading.where().isLive()).isTrue();
        clock.advance(100);
        assertThat(link.status().reading().lagNs()).as("nothing has come since").isEqualTo(130_000_000);
        assertThat(link.status().reading().silentNs()).isEqualTo(100_000_000);
        last().heartbeat();
        assertThat(link.status().reading().lagNs()).as("it is sent among data too").isEqualTo(30_000_000);
        last().heartbeat();
        assertThat(link.status().reading().lagNs()).as("there was nothing to send").isZero();
    }

    @Test
    void shouldCountSubscriptionsThatCannotGoOn() {
        last().live(7, false, 40);
        assertThat(counters.get(Counter.LINK_RESUMES_REFUSED)).as("the first time there is nothing to go on").isZero();
        last().lose(1006);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        last().live(7, false, 60);
        assertThat(counters.get(Counter.LINK_RESUMES_REFUSED)).isOne();
    }

    @Test
    void shouldTakeAddressesInTurn() {
        last().unreachable();
        clock.advance(0);
        assertThat(last().url.host()).as("the first round is without delay").isEqualTo("b");
        last().unreachable();
        clock.advance(2 * LinkAddresses.FIRST_RETRY_MS);
        assertThat(last().url.host()).isEqualTo("a");
        for (int i = 0; i < 10; i++) {
            last().unreachable();
            final int before = servers.size();
            clock.advance(LinkAddresses.MAX_SOON_MS);
            assertThat(servers).hasSize(before + 1);
        }
        last().live(7, false, 1);
        clock.advance(500);
        last().heartbeat();
        assertThat(link.onReport().connections()).singleElement().satisfies(connection -> {
            assertThat(connection.state().word()).isEqualTo("live");
            assertThat(connection.lastLoss().what()).startsWith("no answer from ");
            assertThat(connection.items()).isOne();
        });
    }

    @Test
    void shouldLogTheLossOfEachAddressOnceUntilItIsLiveAgain() {
        try (RecordedLog log = new RecordedLog("penstock.link")) {
            for (int i = 0; i < 10; i++) {
                last().unreachable();
                clock.advance(LinkAddresses.MAX_RETRY_MS);
            }
            assertThat(log.lines()).filteredOn(line -> line.contains("no answer from")).hasSize(2);
            last().live(7, false, 1);
            last().unreachable();
            assertThat(log.lines()).filteredOn(line -> line.contains("no answer from")).hasSize(3);
        }
    }

    @Test
    void shouldMoveAtOnceWhenTheRelayIsAboutToStop() {
        last().live(7, false, 40);
        for (int i = 0; i < 10; i++) {
            clock.advance(500);
            last().heartbeat();
        }
        last().lose(4503);
        clock.advance(0);
        assertThat(servers).hasSize(2);
        assertThat(last().url.host()).isEqualTo("b");
        last().live(7, true, 41);
        for (int i = 0; i < 10; i++) {
            clock.advance(500);
            last().heartbeat();
        }
        last().lose(4503);
        clock.advance(0);
        assertThat(last().url.host()).isEqualTo("a");
    }

    @Test
    void shouldNotFollowALowerEpoch() {
        last().live(7, false, 40);
        last().lose(1006);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        final PlayedRelay old = last().open();
        old.welcome(6, "\"ingest~2\"");
        assertThat(old.isAborted).isTrue();
        assertThat(link.status().detail()).contains("its epoch 6 is older than 7, which this relay follows already");
        assertThat(counters.get(Counter.LINK_REFUSALS)).isOne();
        target.take();

        clock.advance(4 * LinkAddresses.FIRST_RETRY_MS);
        assertThat(last().url.host()).isNotEqualTo(old.url.host());
        last().live(8, false, 3);
        assertThat(target.take()).containsExactly("epoch 8", "feed 0 demo [0=quote]", "feed 0 LIVE null p3");
    }

    @Test
    void shouldNotFollowALoopNorTooManyRelaysInARow() {
        last().open().welcome(7, "\"ingest~1\",\"edge~1\"");
        assertThat(link.status().detail()).contains("a loop: its data comes from this relay, by ingest~1, edge~1");
        clock.advance(4 * LinkAddresses.FIRST_RETRY_MS);
        last().open().welcome(7, "\"a\",\"b\",\"c\",\"d\"");
        assertThat(link.status().detail()).contains("there would be 5 in a row, and 4 may be: a, b, c, d");
        clock.advance(1_000);
        last().open().welcome(7, "");
        assertThat(link.status().detail()).contains("it does not know links");
        clock.advance(1_000);
        last().open().welcome(7, "\"a\",\"b\",\"c\"").images(7, false, 5);
        assertThat(link.status().state()).isEqualTo(SessionState.LIVE);
        assertThat(counters.get(Counter.LINK_REFUSALS)).isEqualTo(3);
        assertThat(target.take()).startsWith("epoch 7");
    }

    @Test
    void shouldEndAConnectionThatIsNotTheProtocol() {
        for (final String text : List.of("{", "{\"type\":7}", "{\"type\":\"ack\"}")) {
            last().open().text(text);
            assertThat(link.status().state()).as(text).isEqualTo(SessionState.BACKING_OFF);
            clock.advance(1_000);
        }
        last().open().welcome(7, "\"ingest~1\"").text("{\"type\":\"topics\",\"sub\":\"9\",\"topics\":[]}");
        assertThat(link.status().detail()).isEqualTo("a message is of a subscription that was not asked for");
        clock.advance(1_000);
        last().open().welcome(7, "\"ingest~1\"");
        last().listener.onBinary(new byte[] {1, 2}, 0, 2, clock.nowNs());
        assertThat(link.status().detail()).isEqualTo("a binary message ends early, at byte 2");
        clock.advance(1_000);
        last().open().listener.onBinary(new byte[] {1, 2}, 0, 2, clock.nowNs());
        assertThat(link.status().detail()).isEqualTo("a binary message comes before the welcome");
        clock.advance(1_000);
        last().open().welcome(7, "\"ingest~1\"");
        last().listener.onBinary(Envelopes.last(8, 0, 1, 9), 0, Envelopes.BYTES, clock.nowNs());
        assertThat(link.status().detail()).isEqualTo("a binary message is of epoch 8, not of 7");
        assertThat(counters.get(Counter.FEED_PROTOCOL_ERRORS)).isEqualTo(7);
    }

    @Test
    void shouldGiveUpAConnectionThatBringsNothing() {
        last().open();
        clock.advance(LinkConnection.BEGIN_SILENCE_MS - 1);
        assertThat(last().isAborted).isFalse();
        clock.advance(1);
        assertThat(servers.get(0).isAborted).isTrue();
        assertThat(link.onReport().connections().get(0).lastLoss().what()).startsWith("no byte for 5000 ms");
    }

    @Test
    void shouldSayWhatIsRefused() {
        last().open().welcome(7, "\"ingest~1\"").text("{\"type\":\"error\",\"id\":1,\"status\":429,\"code\":"
            + "\"rate_limited\",\"message\":\"more than 20\",\"retry\":true,\"retryAfter\":70}");
        clock.advance(69);
        assertThat(last().sent).hasSize(1);
        clock.advance(1);
        assertThat(last().sent).hasSize(2).satisfies(sent -> assertThat(sent.get(1)).isEqualTo(sent.get(0)));
        last().text("{\"type\":\"error\",\"id\":1,\"status\":400,\"code\":\"bad_field\",\"message\":\"no journal\","
            + "\"retry\":false}");
        assertThat(link.status().detail())
            .endsWith("the relay refuses channel quote: bad_field: no journal");
    }

    @Test
    void shouldLeaveARelayThatIsBehind() {
        last().live(7, false, 40);
        last().lose(1006);
        clock.advance(1_000);
        last().open().welcome(7, "\"ingest~1\"").text("{\"type\":\"error\",\"id\":1,\"status\":503,\"code\":"
            + "\"not_ready\",\"path\":\"/resume/p\",\"message\":\"not reached\",\"retry\":true,\"retryAfter\":500}");
        assertThat(last().isAborted).isTrue();
        assertThat(link.status().detail()).endsWith("it is behind this relay");
    }

    @Test
    void shouldStandByAndComeBack() {
        last().live(7, false, 40);
        target.take();
        link.onSuspend("another relay holds the lease");
        assertThat(last().isAborted).isTrue();
        assertThat(target.take()).containsExactly("feed 0 STALE standby p40");
        clock.advance(5_000);
        assertThat(servers).hasSize(1);
        link.onSuspend(null);
        last().live(7, true, 44);
        assertThat(target.take()).containsExactly("feed 0 LIVE null p44");
    }

    @Test
    void shouldCloseWhenItStops() {
        last().live(7, false, 40);
        link.onStop();
        assertThat(last().isClosing).isTrue();
        assertThat(link.status().stopped()).isNotDone();
        last().lose(1000);
        assertThat(link.status().stopped()).isDone();
        assertThat(link.status().state()).isEqualTo(SessionState.CLOSED);
        assertThat(clock.timerCount()).isZero();
        link.onStop();
    }

    private PlayedRelay last() {
        return servers.get(servers.size() - 1);
    }
}
