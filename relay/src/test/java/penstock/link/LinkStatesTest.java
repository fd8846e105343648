package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;

/** Which values are live again after the link was lost: those that the other relay has live. */
class LinkStatesTest {
    private final ManualClock clock = new ManualClock();
    private final MirrorTarget target = new MirrorTarget();
    private final List<PlayedRelay> servers = new ArrayList<>();

    @BeforeEach
    void start() {
        new LinkConnection(LinkPlan.of(List.of("ws://a:1", "ws://b:1"), "edge~1", 100), (url, listener) -> {
            servers.add(new PlayedRelay(clock, url, listener));
            return last();
        }, clock, new Random(1), target, new Counters("feed")).onStart();
    }

    @Test
    void shouldMakeAValueLiveAgainThatDidNotChangeWhileItWasStale() {
        last().live(7, false, 40);
        updateOfA(",[4,\"B\",0]");
        last().binary(Envelopes.update(7, 0, 4, 1, 42));
        last().text("{\"type\":\"position\",\"p\":42}");
        loseAndConnect();
        last().text("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\","
            + "\"symbols\":[\"B\"],\"state\":\"stale\",\"reason\":\"silent\",\"since\":1,\"p\":43}");
        last().images(7, true, 43);
        assertThat(target.take()).containsExactly("0/B STALE silent p43", "feed 0 LIVE null p43", "0/A confirmed");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 LIVE"),
            entry("quote B", "q1 p42 STALE"));
    }

    @Test
    void shouldKeepAValueStaleThatCameBeforeALossWhichTheOtherRelayHadWhileTheLinkBegan() {
        last().live(7, false, 40);
        loseAndConnect();
        last().text("{\"type\":\"ack\",\"id\":1,\"op\":\"subscribe\",\"sub\":\"0\",\"resumed\":true}");
        updateOfA("");
        for (final String state : List.of("\"stale\",\"reason\":\"upstream_gap\"", "\"live\"")) {
            last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":" + state + ",\"since\":1,\"p\":41}");
        }
        last().binary(Envelopes.last(7, 0, 1, 41));
        last().text("{\"type\":\"position\",\"p\":41}");
        assertThat(target.take()).containsExactly("0/A q1 p41", "feed 0 STALE upstream_gap p41",
            "feed 0 LIVE null p41");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldKeepAValueStaleThatTheOtherRelayLostWhileTheLinkWasCut() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        loseAndConnect();
        last().text("{\"type\":\"ack\",\"id\":1,\"op\":\"subscribe\",\"sub\":\"0\",\"resumed\":true}");
        last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"stale\",\"since\":1,\"p\":41}");
        last().binary(Envelopes.last(7, 0, 1, 41));
        last().text("{\"type\":\"position\",\"p\":41}");
        last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"live\",\"since\":2,\"p\":42}");
        last().text("{\"type\":\"position\",\"p\":42}");
        assertThat(target.take()).containsExactly("feed 0 STALE null p41", "feed 0 LIVE null p42");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldMakeAValueStaleThatTheOtherRelayLostOnceMoreAtTheSamePosition() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        for (final String state : List.of("stale", "live")) {
            last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"" + state + "\",\"since\":1,\"p\":41}");
        }
        last().binary(Envelopes.image(7, "0", 3, 1, 41));
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 LIVE"));
        target.take();
        last().lose(1006);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        last().open().welcome(7, "\"ingest~1\"", "\"lost\":41,");
        last().text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[5,\"A\",0]]}");
        last().binary(Envelopes.staleImage(7, "0", 5, 1, 41));
        last().images(7, true, 41);
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p41", "feed 0 LIVE null p41");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldMakeAValueLiveAgainWhoseImageIsReleasedBeforeTheLoss() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"stale\",\"since\":1,\"p\":43}");
        last().text("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"live\",\"since\":1,\"p\":44}");
        last().binary(Envelopes.image(7, "0", 3, 1, 41));
        target.take();
        last().text("{\"type\":\"position\",\"p\":44}");
        assertThat(target.take()).containsExactly("feed 0 STALE null p43", "feed 0 LIVE null p44", "0/A confirmed");
    }

    @Test
    void shouldForgetATopicThoughItsSymbolCameAndWentTwiceBeforeTheLinkWasCut() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        for (int i = 0; i < 2; i++) {
            last().text("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[\"A\"],\"state\":"
                + "\"stale\",\"reason\":\"not_subscribed\",\"since\":1,\"p\":42}");
            last().text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[3,\"A\",0]]}");
        }
        loseAndConnect();
        last().text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[3,\"A\",0]]}");
        last().binary(Envelopes.image(7, "0", 3, 2, 44));
        last().images(7, false, 44);
        assertThat(target.take()).containsExactly("forget 0/A", "0/A q2 p44", "feed 0 LIVE null p44");
    }

    @Test
    void shouldForgetATopicOfWhichAnUpdateComesAndNoImageThoughAllIsSentAgain() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        loseAndConnect();
        last().text("{\"type\":\"ack\",\"id\":1,\"op\":\"subscribe\",\"sub\":\"0\",\"resumed\":false}");
        last().binary(Envelopes.last(7, 0, 1, 43));
        last().text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[3,\"A\",0]]}");
        last().binary(Envelopes.update(7, 0, 3, 2, 44));
        last().text("{\"type\":\"position\",\"p\":44}");
        last().binary(Envelopes.update(7, 0, 3, 3, 45));
        last().text("{\"type\":\"position\",\"p\":45}");
        assertThat(target.take()).containsExactly("forget 0/A", "0/A q2 p44", "feed 0 LIVE null p44", "0/A q3 p45");
    }

    @Test
    void shouldForgetTheValueOfATopicOfWhichOnlyAStateIsSentThoughAllIsSentAgain() {
        last().live(7, false, 40);
        updateOfA("");
        last().text("{\"type\":\"position\",\"p\":41}");
        loseAndConnect();
        last().text("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[\"A\"],\"state\":\"live\","
            + "\"since\":1,\"p\":43}");
        last().images(7, false, 43);
        assertThat(target.take()).containsExactly("forget 0/A", "0/A LIVE null p43", "feed 0 LIVE null p43");
    }

    /** The link is silent until it is stale, and begins again. */
    private void loseAndConnect() {
        clock.advance(LinkConnection.STALE_MS);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        target.take();
        last().open().welcome(7, "\"ingest~1\"");
    }

    /** Topic A, and {@code others}, are announced; A has an update at position 41. */
    private void updateOfA(final String others) {
        last().text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[3,\"A\",0]" + others + "]}");
        last().binary(Envelopes.update(7, 0, 3, 1, 41));
    }

    private PlayedRelay last() {
        return servers.get(servers.size() - 1);
    }
}
