package penstock.server.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.SlicedWork;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.testkit.ManualThread;

class PacedBodyTest {
    private static final long MS = 1_000_000;
    private static final long STEP_NS = 900_000;
    private static final int PIECES = 40;

    private final ManualThread thread = new ManualThread(5 * MS);
    private final HoldMeter holds = new HoldMeter(new Counters("fanout-0"));
    private final SlicedWork work = new SlicedWork(thread, new ErrorLog(), holds);
    private final Sender sender = (Sender) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {Sender.class}, (proxy, method, arguments) -> send(arguments));
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final byte[] content = new byte[PIECES * 60_000];
    private int cuts;
    private final PacedBody body = new PacedBody(work, sender, pieces().iterator(), () -> cuts++);
    private int largest;
    private boolean isFull;
    private boolean isBroken;
    private IoCallback waiting;
    private IoCallback last;

    @Test
    void shouldHoldTheThreadForThreeMillisecondsAtMost() {
        body.begin();
        int slices = 1;
        while (work.size() > 0) {
            thread.advanceMs(1);
            slices++;
        }
        assertThat(slices).isGreaterThan(PIECES);
        assertThat(holds.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(largest).isEqualTo(PacedBody.STEP_BYTES);
        assertThat(sent.toByteArray()).isEqualTo(content);
        assertThat(last).as("the response ends").isSameAs(IoCallback.END_EXCHANGE);
    }

    @Test
    void shouldLetOthersWorkInBetween() {
        final List<Integer> sentBefore = new ArrayList<>();
        body.begin();
        work.add(new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                sentBefore.add(sent.size());
                return true;
            }

            @Override
            public void onFailure(final Throwable failure) {
                throw new AssertionError(failure);
            }
        });
        thread.advanceMs(5);
        assertThat(sentBefore).hasSize(1);
        assertThat(sentBefore.get(0)).isLessThan(content.length / 10);
    }

    @Test
    void shouldUseNoSliceWhileTheSocketIsFull() {
        isFull = true;
        body.begin();
        thread.advanceMs(1_000);
        assertThat(work.size()).isZero();
        assertThat(sent.size()).isEqualTo(PacedBody.STEP_BYTES);
        isFull = false;
        waiting.onComplete(null, sender);
        assertThat(sent.size()).as("the socket is writable, and the thread has others to serve")
            .isEqualTo(PacedBody.STEP_BYTES);
        thread.advanceMs(5_000);
        assertThat(sent.toByteArray()).isEqualTo(content);
    }

    @Test
    void shouldSendNothingToAClientThatIsGone() {
        body.begin();
        final int before = sent.size();
        body.end();
        thread.advanceMs(1_000);
        assertThat(sent.size()).isEqualTo(before);
        assertThat(work.size()).isZero();
    }

    @Test
    void shouldCutAResponseThatCannotBeSent() {
        body.begin();
        isBroken = true;
        thread.advanceMs(1_000);
        assertThat(cuts).isOne();
        assertThat(work.size()).isZero();
    }

    private Object send(final Object[] arguments) {
        final ByteBuffer step = (ByteBuffer) arguments[0];
        final IoCallback callback = (IoCallback) arguments[1];
        if (isBroken) {
            callback.onException(null, sender, new IOException("reset"));
            return null;
        }
        thread.spendNs(STEP_NS);
        largest = Math.max(largest, step.remaining());
        while (step.hasRemaining()) {
            sent.write(step.get());
        }
        last = callback;
        if (isFull) {
            waiting = callback;
        } else if (callback != IoCallback.END_EXCHANGE) {
            callback.onComplete(null, sender);
        }
        return null;
    }

    private List<ByteBuffer> pieces() {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i % 251);
        }
        final List<ByteBuffer> pieces = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            pieces.add(ByteBuffer.wrap(content, i * 60_000, 60_000));
        }
        return pieces;
    }
}
