package penstock.tap;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import penstock.client.BrokenLedger;
import penstock.client.ClientListener;
import penstock.client.ClientOptions;
import penstock.client.PenstockClient;
import penstock.client.PriceGrid;
import penstock.client.RefusedException;
import penstock.client.SessionState;
import penstock.client.SessionState.Phase;
import penstock.text.Address;

/**
 * A session of the client in Java, which connects, subscribes, merges, checks the ledger and comes back; this has
 * printed what the client hears, and decides when the tap is over.
 *
 * <p>Owned by the client's executor, a single thread; {@link Tap#run} calls the methods of {@link TapLink}.
 */
final class TapSession implements TapLink, ClientListener {
    private static final int RUNNING = -1;
    private static final int BAD_REQUEST = 400;
    private static final int NORMAL = 1000;

    private final TapTarget target;
    private final TapOptions options;
    private final TapPrinter printer;
    private final ClientOptions client;
    private final IntConsumer end;
    private PenstockClient relay;
    private PriceGrid grid;
    private int code = RUNNING;
    private boolean isOver;
    private volatile boolean isOpen;
    private volatile boolean wasOpen;

    /** {@code client} has everything but the listener; {@code end} takes the exit code. */
    TapSession(final TapTarget target, final TapOptions options, final TapPrinter printer, final ClientOptions client,
            final IntConsumer end) {
        this.target = target;
        this.options = options;
        this.printer = printer;
        this.client = client;
        this.end = end;
    }

    /** On the executor, so that nothing is heard before there is a client to ask. */
    @Override
    public void begin() {
        client.executor().execute(() -> {
            relay = PenstockClient.connect(target.address().toString(), client.listener(this).json());
            grid = relay.open(target.terms(), null, printer);
            grid.ready().whenComplete((none, fault) -> onReady(fault));
        });
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public boolean wasOpen() {
        return wasOpen;
    }

    @Override
    public void close() {
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        client.executor().execute(() -> {
            isOver = true;
            relay.close();
            relay.ended().thenRun(() -> gone.complete(null));
        });
        gone.completeOnTimeout(null, Tap.CLOSE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onState(final SessionState state) {
        if (isOver || state.feed() != null) {
            return;
        }
        if (state.phase() == Phase.OPEN) {
            isOpen = true;
            wasOpen = true;
        } else if (state.phase() == Phase.WAITING || state.phase() == Phase.CLOSED) {
            onEnd(state);
        }
    }

    /** The connection ended, or there was none. */
    private void onEnd(final SessionState state) {
        final String text = CloseMeaning.text(state.code(), state.reason(), isOpen, address());
        isOpen = false;
        if (state.phase() == Phase.WAITING && mayReturn(state.code())) {
            printer.print(text + "; next attempt in " + state.retryInMs() + " ms");
        } else {
            printer.print(text);
            finish(wasOpen && state.code() == NORMAL ? Tap.FINE : Tap.FAILED);
        }
    }

    /** A tap that never reached the relay says so at once, and mode once has no second half. */
    private boolean mayReturn(final int closeCode) {
        return wasOpen && options.isReconnecting() && !target.isOnce() && CloseMeaning.isReconnectable(closeCode);
    }

    @Override
    public void onMessage(final CharSequence text) {
        if (!isOver) {
            printer.onText(text);
            relay.execute(this::onMessageEnd);
        }
    }

    private void onMessageEnd() {
        if (!isOver && (printer.onMessageEnd(grid.totals()) || code != RUNNING)) {
            finish(code == RUNNING ? Tap.FINE : code);
        }
    }

    private void finish(final int exitCode) {
        isOver = true;
        end.accept(exitCode);
    }

    /** The first snapshot is complete, or the relay refused it: the message that says so is still to be shown. */
    private void onReady(final Throwable fault) {
        if (fault instanceof RefusedException refused && refused.status() != 0) {
            code = refused.status() == BAD_REQUEST ? Tap.USAGE : Tap.FAILED;
        } else if (fault == null && target.isOnce()) {
            code = Tap.FINE;
        }
    }

    @Override
    public void onRequest(final String text) {
        printer.onRequest(text);
    }

    @Override
    public void onBroken(final BrokenLedger broken) {
        if (!isOver) {
            printer.onBroken(broken);
        }
    }

    @Override
    public void onError(final RefusedException error) {
        // an error of the relay was shown as the message that it is
        if (!isOver && error.status() == 0) {
            printer.onBadMessage(error.getMessage());
        }
    }

    private Address address() {
        return new Address(target.address().toString());
    }
}
