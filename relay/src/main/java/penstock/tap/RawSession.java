package penstock.tap;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import penstock.client.socket.ClientTransport;
import penstock.text.Address;

/**
 * Payloads of the venue, as {@code /v1/raw} sends them. There are no messages of the protocol in them, so it is a bare
 * connection of the client's: without a subscription, a ledger or a return.
 *
 * <p>Threads of the transport call it, one at a time.
 */
final class RawSession implements TapLink, ClientTransport.Events {
    private static final int NORMAL = 1000;

    private final URI address;
    private final ClientTransport transport;
    private final TapPrinter printer;
    private final IntConsumer end;
    private volatile ClientTransport.Connection connection;
    private volatile boolean isOpen;
    private volatile boolean wasOpen;
    private boolean isDone;

    /** {@code end} takes the exit code. */
    RawSession(final URI address, final ClientTransport transport, final TapPrinter printer, final IntConsumer end) {
        this.address = address;
        this.transport = transport;
        this.printer = printer;
        this.end = end;
    }

    @Override
    public void begin() {
        connection = transport.open(address, List.of(), this);
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
        final CompletableFuture<Void> gone = connection.close(NORMAL).toCompletableFuture();
        gone.completeOnTimeout(null, Tap.CLOSE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onOpen() {
        isOpen = true;
        wasOpen = true;
    }

    @Override
    public void onText(final CharSequence text, final Runnable done) {
        if (!isDone && printer.onPayload(text)) {
            isDone = true;
            end.accept(Tap.FINE);
        }
        done.run();
    }

    @Override
    public void onClose(final int code, final String reason) {
        printer.print(CloseMeaning.text(code, reason, isOpen, new Address(address.toString())));
        isOpen = false;
        end.accept(code == NORMAL ? Tap.FINE : Tap.FAILED);
    }
}
