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
    /** As it is announced. */
    private static final String A = "[3,\"A\",0]";

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
        updateOfA();
        last().topics("[4,\"B\",0]").binary(Envelopes.update(7, 0, 4, 1, 42));
        last().position(42);
        loseAndConnect();
        last().topic("B", "stale", "silent", 43);
        last().images(7, true, 43);
        assertThat(target.take()).containsExactly("0/B STALE silent p43", "feed 0 LIVE null p43", "0/A confirmed");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 LIVE"),
            entry("quote B", "q1 p42 STALE"));
    }

    @Test
    void shouldKeepAValueStaleThatCameBeforeALossWhichTheOtherRelayHadWhileTheLinkBegan() {
        last().live(7, false, 40);
        loseAndConnect();
        last().ack(true);
        updateOfA();
        last().feed("stale", "upstream_gap", 41).feed("live", 41);
        last().binary(Envelopes.last(7, 0, 1, 41));
        last().position(41);
        assertThat(target.take()).containsExactly("0/A q1 p41", "feed 0 STALE upstream_gap p41",
            "feed 0 LIVE null p41");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldKeepAValueStaleThatTheOtherRelayLostWhileTheLinkWasCut() {
        haveA();
        loseAndConnect();
        last().ack(true);
        last().feed("stale", 41);
        last().binary(Envelopes.last(7, 0, 1, 41));
        last().position(41);
        last().feed("live", 42);
        last().position(42);
        assertThat(target.take()).containsExactly("feed 0 STALE null p41", "feed 0 LIVE null p42");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldMakeAValueStaleThatTheOtherRelayLostOnceMoreAtTheSamePosition() {
        haveA();
        last().feed("stale", 41).feed("live", 41);
        last().binary(Envelopes.image(7, "0", 3, 1, 41));
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 LIVE"));
        target.take();
        last().lose(1006);
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        last().open().welcome(7, "\"ingest~1\"", "\"lost\":41,");
        last().topics("[5,\"A\",0]");
        last().binary(Envelopes.staleImage(7, "0", 5, 1, 41));
        last().images(7, true, 41);
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p41", "feed 0 LIVE null p41");
        assertThat(target.edge.numbers()).containsExactly(entry("quote A", "q1 p41 STALE"));
    }

    @Test
    void shouldMakeAValueLiveAgainWhoseImageIsReleasedBeforeTheLoss() {
        haveA();
        last().feed("stale", 43).feed("live", 44);
        last().binary(Envelopes.image(7, "0", 3, 1, 41));
        target.take();
        last().position(44);
        assertThat(target.take()).containsExactly("feed 0 STALE null p43", "feed 0 LIVE null p44", "0/A confirmed");
    }

    @Test
    void shouldForgetATopicThoughItsSymbolCameAndWentTwiceBeforeTheLinkWasCut() {
        haveA();
        for (int i = 0; i < 2; i++) {
            last().topic("A", "stale", "not_subscribed", 42).topics(A);
        }
        loseAndConnect();
        last().topics(A);
        last().binary(Envelopes.image(7, "0", 3, 2, 44));
        last().images(7, false, 44);
        assertThat(target.take()).containsExactly("forget 0/A", "0/A q2 p44", "feed 0 LIVE null p44");
    }

    @Test
    void shouldForgetATopicOfWhichAnUpdateComesAndNoImageThoughAllIsSentAgain() {
        haveA();
        loseAndConnect();
        last().ack(false);
        last().binary(Envelopes.last(7, 0, 1, 43));
        last().topics(A);
        last().binary(Envelopes.update(7, 0, 3, 2, 44));
        last().position(44);
        last().binary(Envelopes.update(7, 0, 3, 3, 45));
        last().position(45);
        assertThat(target.take()).containsExactly("forget 0/A", "0/A q2 p44", "feed 0 LIVE null p44", "0/A q3 p45");
    }

    @Test
    void shouldForgetTheValueOfATopicOfWhichOnlyAStateIsSentThoughAllIsSentAgain() {
        haveA();
        loseAndConnect();
        last().topic("A", "live", null, 43);
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

    /** The link is live, and topic A has a value. */
    private void haveA() {
        last().live(7, false, 40);
        updateOfA();
        last().position(41);
    }

    /** Topic A is announced, and has an update at position 41. */
    private void updateOfA() {
        last().topics(A).binary(Envelopes.update(7, 0, 3, 1, 41));
    }

    private PlayedRelay last() {
        return servers.get(servers.size() - 1);
    }
}
