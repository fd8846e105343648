package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;

/** What subscribers name goes to the other relay as names of the link's subscription. */
class LinkInterestTest {
    private static final String HOPS = "\"ingest~1\"";
    private static final String ON_DEMAND = "\"onDemand\":true,";
    private static final String BEGIN = "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"0\",\"channel\":\"quote\",\"mode\":"
        + "\"conflate\",\"payload\":true,\"interval\":1,";
    private static final String NOTHING = "\"-*-\u00a4-*-\"";

    private final ManualClock clock = new ManualClock();
    private final MirrorTarget target = new MirrorTarget();
    private final List<PlayedRelay> relays = new ArrayList<>();
    private final LinkConnection link = new LinkConnection(
        LinkPlan.of(List.of("ws://a:1"), "edge~1", 3), (url, listener) -> {
            relays.add(new PlayedRelay(clock, url, listener));
            return last();
        }, clock, new Random(1), target, new Counters("feed"));

    LinkInterestTest() {
        link.onStart();
    }

    @Test
    void shouldBeginWithTheNamesThatThereAre() {
        link.onAddInterest(0, List.of("A", "B*"));
        clock.advance(5);
        last().open().welcome(7, HOPS, ON_DEMAND);
        assertThat(last().sent).containsExactly(BEGIN + "\"symbols\":[" + NOTHING + "]}",
            BEGIN.replace("\"id\":1", "\"id\":2") + "\"symbols\":[\"A\",\"B\\\\*\"]}");
        assertThat(target.take()).containsExactly("epoch 7", "feed 0 demo [0=quote] on demand");
        ack(1, false);
        images(1, 0);
        assertThat(target.take()).isEmpty();
        ack(2, false);
        images(2, 0);
        assertThat(target.take()).containsExactly("feed 0 LIVE null p0");
        assertThat(link.status().interestCount()).isEqualTo(2);
    }

    @Test
    void shouldAskOnceForTheChangesOfAMoment() {
        live();
        link.onAddInterest(0, List.of("A"));
        link.onAddInterest(0, List.of("B"));
        link.onAddInterest(0, List.of("A"));
        clock.advance(1);
        assertThat(requests()).containsExactly(
            BEGIN.replace("\"id\":1", "\"id\":2") + "\"symbols\":[\"A\",\"B\"]}");

        link.onRemoveInterest(0, List.of("A"));
        pass(2 * LinkInterest.LINGER_MS);
        link.onRemoveInterest(0, List.of("B"));
        assertThat(requests()).as("A has another subscriber").isEmpty();
        link.onRemoveInterest(0, List.of("A"));
        pass(LinkInterest.LINGER_MS - 100);
        assertThat(requests()).isEmpty();
        pass(100);
        assertThat(requests()).containsExactly("{\"op\":\"unsubscribe\",\"id\":3,\"sub\":\"0\",\"symbols\":[\"A\",\"B\"]}");
        last().text("{\"type\":\"ack\",\"id\":3,\"op\":\"unsubscribe\",\"sub\":\"0\",\"matched\":1}");
        assertThat(link.status().interestCount()).isZero();
    }

    @Test
    void shouldForgetATopicThatNoSubscriberNames() {
        live();
        link.onAddInterest(0, List.of("A"));
        clock.advance(1);
        last().topics("[4,\"A\",0]");
        entry(4, 5, 11);
        last().position(11);
        assertThat(target.take()).containsExactly("0/A q5 p11");
        link.onRemoveInterest(0, List.of("A"));
        pass(LinkInterest.LINGER_MS);
        assertThat(target.take()).containsExactly("forget 0/A");
        entry(4, 6, 12);
        last().position(12);
        assertThat(target.take()).as("what was under way").isEmpty();

        link.onAddInterest(0, List.of("A"));
        last().topics("[4,\"A\",0]");
        entry(4, 7, 13);
        last().position(13);
        assertThat(target.take()).containsExactly("0/A q7 p13");
    }

    @Test
    void shouldPublishAnImageThatIsOlderThanWhatWasPublishedAtAFreePosition() {
        live();
        last().topics("[1,\"NEW\",0],[2,\"OLD\",0]");
        entry(1, 1, 20);
        last().position(25);
        entry(2, 9, 15);
        assertThat(target.take()).containsExactly("0/NEW q1 p20", "0/OLD q9 p21");
        entry(2, 10, 26);
        last().position(26);
        assertThat(target.take()).containsExactly("0/OLD q10 p26");
    }

    @Test
    void shouldAskAgainForAllNamesAndClaimThoseWhoseImagesHadCome() {
        live();
        link.onAddInterest(0, List.of("A"));
        clock.advance(1);
        ack(2, false);
        images(2, 10);
        link.onAddInterest(0, List.of("B"));
        clock.advance(1);
        last().lose(1006);
        link.onAddInterest(0, List.of("C"));
        clock.advance(LinkAddresses.FIRST_RETRY_MS);
        last().open().welcome(7, HOPS, ON_DEMAND);
        assertThat(last().sent).containsExactly(
            BEGIN + "\"resume\":{\"epoch\":7,\"p\":10,\"symbols\":[\"*\"]},\"symbols\":[" + NOTHING + ",\"A\"]}",
            BEGIN.replace("\"id\":1", "\"id\":2") + "\"symbols\":[\"B\",\"C\"]}");
    }

    @Test
    void shouldRefuseNamesThatCannotBeServed() {
        live();
        link.onAddInterest(0, List.of("A", "B", "C", "D"));
        assertThat(target.take()).containsExactly("refuse 0/D feed.max-topics are in use");
        clock.advance(1);
        last().text("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[\"A\"],\"state\":\"closed\","
            + "\"reason\":\"no such product\",\"since\":3,\"p\":10}");
        assertThat(target.take()).containsExactly("refuse 0/A no such product");
        last().text("{\"type\":\"error\",\"id\":2,\"status\":413,\"code\":\"too_many_symbols\",\"message\":\"too many\","
            + "\"retry\":false}");
        assertThat(target.take()).containsExactly("refuse 0/A too_many_symbols", "refuse 0/B too_many_symbols",
            "refuse 0/C too_many_symbols");
    }

    private void live() {
        last().open().welcome(7, HOPS, ON_DEMAND);
        ack(1, false);
        images(1, 10);
        last().position(10);
        last().sent.clear();
        target.take();
    }

    /** Time passes, and the other relay gives signs of life. */
    private void pass(final long ms) {
        for (long at = 0; at < ms; at += 100) {
            clock.advance(100);
            last().heartbeat();
        }
    }

    private List<String> requests() {
        final List<String> requests = List.copyOf(last().sent);
        last().sent.clear();
        return requests;
    }

    private void ack(final int id, final boolean isResumed) {
        last().text("{\"type\":\"ack\",\"id\":" + id + ",\"op\":\"subscribe\",\"sub\":\"0\",\"resumed\":" + isResumed
            + '}');
    }

    private void images(final int id, final long p) {
        last().binary(Envelopes.last(7, 0, id, p));
    }

    private void entry(final int topic, final long q, final long p) {
        last().binary(Envelopes.update(7, 0, topic, q, p));
    }

    private PlayedRelay last() {
        return relays.get(relays.size() - 1);
    }
}
