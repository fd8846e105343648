package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.ring.UpdateKind;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;
import penstock.testkit.RecordingSocket;

/**
 * Two relays with the same epoch, one of which has not everything yet that the other one has: an edge goes from one to
 * the other.
 */
class OlderImagesTest {
    private final SmallRelay ahead = new SmallRelay();
    private final SmallRelay behind = new SmallRelay();
    private final ManualClock clock = new ManualClock();
    private final MirrorTarget target = new MirrorTarget();
    private final LinkPlan plan = LinkPlan.of(List.of("ws://127.0.0.1:1"), "edge~1", 100);
    private final LinkReplica replica = new LinkReplica(plan, target, new Counters("feed"), clock);
    private final LinkInterest interest = new LinkInterest(clock, 100, null);
    private final List<SmallRelay> both = List.of(ahead, behind);
    private int complete;

    @Test
    void shouldNotTakeChangesOfABookThatIsOlderThanItsOwnOne() {
        for (final SmallRelay relay : both) {
            relay.live();
            relay.book(relay.topic(SmallRelay.BOOK, "S"), UpdateKind.SNAPSHOT, "b1.0=1");
        }
        // a level that comes and goes is in no change of the book before it
        ahead.book(0, UpdateKind.DELTA, "b2.0=1");
        both.forEach(SmallRelay::turn);
        follow(ahead);
        assertThat(complete).isOne();

        assertThatThrownBy(() -> follow(behind)).isInstanceOf(RefusedRelayException.class)
            .hasMessage("it is behind: its book of S is of position 1, and this relay has 2");
        assertThat(target.edge.images()).isEqualTo(ahead.images());

        behind.book(0, UpdateKind.DELTA, "b2.0=1");
        behind.turn();
        follow(behind);
        assertThat(complete).isEqualTo(2);
    }

    @Test
    void shouldTakeWholeValuesOnceTheyAreNewer() {
        for (final SmallRelay relay : both) {
            relay.live();
            relay.value(relay.topic(SmallRelay.QUOTE, "S"), 1, "1");
        }
        ahead.value(0, 2, "2");
        both.forEach(SmallRelay::turn);
        follow(ahead);
        assertThatCode(() -> follow(behind)).doesNotThrowAnyException();
        assertThat(target.edge.images()).isEqualTo(ahead.images());
    }

    private void follow(final SmallRelay relay) {
        final SmallRelay.Client client = relay.connect();
        final LinkTalk talk = new LinkTalk(new LinkTalk.Parts(plan, replica, interest, target, clock), client::send,
            welcome -> { }, () -> complete++);
        for (int i = 0; i < 100; i++) {
            // a relay that is behind keeps a request that resumes waiting for a second
            relay.thread.advanceMs(100);
            for (final RecordingSocket.Frame frame : new ArrayList<>(client.take())) {
                final byte[] bytes = frame.isBinary() ? frame.plain().getBytes(StandardCharsets.ISO_8859_1)
                    : frame.text().getBytes(StandardCharsets.UTF_8);
                if (frame.isBinary()) {
                    talk.onBinary(bytes, 0, bytes.length, clock.nowNs());
                } else {
                    talk.onText(bytes, 0, bytes.length);
                }
            }
            talk.onBatchEnd();
        }
        target.flush();
    }
}
