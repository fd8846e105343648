package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.testkit.RecordingSocket;
import penstock.wire.Mode;

/**
 * The feed thread publishes at each point of a turn, in a fixed order of the two threads: the tick is seen in this turn
 * or wakes the next one. Before the turn all subscriptions hold, so wake-ups coalesce.
 */
class TurnWakeTest {
    private final ShardRig rig = ShardRig.ofQuotes(64);
    private final PublishingSocket socket = new PublishingSocket();
    private final Session session = rig.openHolding(socket);

    @BeforeEach
    void leaveATickInTheRing() {
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(socket)).as("sent while the subscription holds").isEmpty();
    }

    /** The turn begins because of a request, ends with an armed subscription, and has no deadline to fall back on. */
    @Test
    void shouldSeeATickThatIsPublishedDuringTheWriteOfATurn() {
        socket.publishes = 1;
        rig.subscribe(session, "0", 0, "EURUSD");
        assertThat(socket.publishes).as("published within the turn").isZero();
        assertThat(ShardRig.texts(socket)).as("all, without a later wake-up").last().asString().contains("\"q\":3,");
    }

    @Test
    void shouldSeeTicksThatArePublishedDuringEachOfSeveralTurns() {
        socket.publishes = 5;
        rig.subscribe(session, "0", 0, "EURUSD");
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"q\":7,");
    }

    @Test
    void shouldSeeATickThatIsPublishedBetweenTheWakeUpAndItsTurn() {
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        rig.feed.tick("EURUSD", rig.thread.nowNs());
        rig.feed.flush();
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"q\":3,");
    }

    /**
     * Each side writes, then reads what the other side writes: a turn clears its flags and reads the ring, the feed
     * thread writes the ring and reads the flags. Only a full fence between the two keeps both reads from being early.
     * On x86 the store of the flag is such a fence by itself, so no run of threads shows a missing one there; on ARM
     * one would. This test reads the order from the byte code.
     */
    @Test
    void shouldFenceBetweenTheWriteAndTheReadOfEachSide() {
        final JavaClass turns = new ClassFileImporter().importClass(TurnScheduler.class);
        final int begin = line(turns, "begin", TurnWakeTest::isFence);
        assertThat(begin).as("fence of a turn").isPositive()
            .isGreaterThan(line(turns, "begin", access -> access.getTargetOwner().isEquivalentTo(AtomicBoolean.class)))
            .isGreaterThan(line(turns, "begin", access -> access.getTarget().getName().equals("isCoalescing")));
        assertThat(line(turns, "wake", TurnWakeTest::isFence)).as("fence of a wake-up").isPositive()
            .isLessThan(line(turns, "wake", access -> access.getTarget().getName().equals("isCoalescing")))
            .isLessThan(line(turns, "wake", access -> access.getTarget().getName().equals("request")));
        final JavaClass shard = new ClassFileImporter().importClass(Shard.class);
        assertThat(line(shard, "onWake", access -> access.getTarget().getName().equals("begin")))
            .as("the ring is read after the flags are cleared").isPositive()
            .isLessThan(line(shard, "onWake", access -> access.getTarget().getName().equals("turn")));
    }

    private static boolean isFence(final JavaAccess<?> access) {
        return access.getTargetOwner().isEquivalentTo(VarHandle.class)
            && access.getTarget().getName().equals("fullFence");
    }

    /** The line of the only such access; 0 if there is none. */
    private static int line(final JavaClass type, final String method, final Predicate<JavaAccess<?>> which) {
        final int[] lines = type.getAccessesFromSelf().stream()
            .filter(access -> access.getOrigin().getName().equals(method)).filter(which)
            .mapToInt(JavaAccess::getLineNumber).toArray();
        assertThat(lines).as("accesses in " + method).hasSizeLessThanOrEqualTo(1);
        return lines.length == 0 ? 0 : lines[0];
    }

    /** A socket during whose writes the feed thread publishes. */
    private final class PublishingSocket extends RecordingSocket {
        private int publishes;

        PublishingSocket() {
            super(rig.thread, new Random(1));
        }

        @Override
        public int write(final ByteBuffer frames) throws IOException {
            if (publishes > 0) {
                publishes--;
                rig.feed.tick("EURUSD", rig.thread.nowNs());
                rig.feed.flush();
            }
            return super.write(frames);
        }
    }
}
