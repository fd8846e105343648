package penstock.server.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.fanout.SlicedWork;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.testkit.WorkingThread;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.RequestDecoder;

/** The clock moves with each look at it: 16 names take a twentieth of a millisecond. */
class LongMessagesTest {
    private static final long MS = 1_000_000;

    private final WorkingThread thread = new WorkingThread(5 * MS, MS / 20);
    private final HoldMeter holds = new HoldMeter(new Counters("fanout-0"));
    private final SlicedWork work = new SlicedWork(thread, new ErrorLog(), holds);
    private final MemoryShare memory = MemoryShare.unlimited();
    private final RequestDecoder decoder = new RequestDecoder(new SessionLimits(50, 10_000, 1 << 20, 20, 0, 60_000));
    private final List<String> events = new ArrayList<>();
    private final LongMessages messages = client("");

    @Test
    void shouldDecodeTenThousandNamesInSlices() {
        begin(messages, names("1", 10_000));
        assertThat(messages.isBusy()).isTrue();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isGreaterThan(50_000);
        int slices = 0;
        while (messages.isBusy()) {
            assertThat(events).isEmpty();
            thread.advanceMs(1);
            slices++;
        }
        assertThat(slices).isGreaterThan(20);
        assertThat(holds.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(events).containsExactly("request 1", "idle");
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isZero();
    }

    @Test
    void shouldHandleFramesBehindALongMessageInTheirOrder() {
        begin(messages, names("1", 3_000));
        hold(messages, "ping");
        messages.hold(bytes(names("2", 3_000)), 0, names("2", 3_000).length(),
            (payload, offset, length) -> assertThat(messages.begin(payload, offset, length)).isTrue());
        hold(messages, "close");
        thread.advanceMs(5_000);
        assertThat(events).containsExactly("request 1", "ping", "request 2", "close", "idle");
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isZero();
    }

    @Test
    void shouldRefuseALongMessageInItsTurn() {
        begin(messages, names("1", 3_000).replace("]}", ",7]}"));
        hold(messages, "ping");
        thread.advanceMs(5_000);
        assertThat(events).containsExactly("refused /symbols/3000 1", "ping", "idle");
    }

    @Test
    void shouldDecodeOneMessageAfterTheOther() {
        final LongMessages other = client("other ");
        begin(messages, names("1", 6_000));
        begin(other, names("2", 2_000));
        thread.advanceMs(5_000);
        assertThat(events).containsExactly("request 1", "idle", "other request 2", "other idle");
    }

    @Test
    void shouldFinishAtOnceBeforeAConnectionIsClosedForABadFrame() {
        begin(messages, names("1", 3_000));
        hold(messages, "ping");
        messages.finish();
        assertThat(events).containsExactly("request 1", "ping", "idle");
        thread.advanceMs(100);
        assertThat(events).hasSize(3);
        assertThat(work.size()).isZero();
    }

    @Test
    void shouldForgetWhatWaitsWhenTheConnectionEnds() {
        begin(messages, names("1", 3_000));
        hold(messages, "ping");
        thread.advanceMs(1);
        messages.clear();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isZero();
        thread.advanceMs(5_000);
        assertThat(events).isEmpty();
        assertThat(work.size()).isZero();
    }

    private LongMessages client(final String name) {
        return new LongMessages(work, memory, () -> decoder, new LongMessages.Listener() {
            @Override
            public void onDecoded(final Request request) {
                events.add(name + "request " + request.id());
            }

            @Override
            public void onRejected(final RequestException refusal) {
                events.add(name + "refused " + refusal.path() + " " + refusal.id());
            }

            @Override
            public void onIdle() {
                events.add(name + "idle");
            }

            @Override
            public void onFailure(final Throwable failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private static void begin(final LongMessages messages, final String text) {
        final byte[] bytes = bytes(text);
        assertThat(messages.begin(bytes, 0, bytes.length)).isTrue();
        // the parser reads the next message into the same buffer
        Arrays.fill(bytes, (byte) 'x');
    }

    private void hold(final LongMessages messages, final String event) {
        assertThat(messages.hold(bytes(event), 0, event.length(),
            (payload, offset, length) -> events.add(new String(payload, offset, length, StandardCharsets.UTF_8))))
            .isTrue();
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String names(final String id, final int count) {
        return "{\"op\":\"subscribe\",\"id\":" + id + ",\"symbols\":["
            + IntStream.range(0, count).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(",")) + "]}";
    }
}
