package penstock.client;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import penstock.client.value.JsonWriter;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * The requests of a subscription, and what they have not brought yet: answers, and snapshots without their last piece.
 * A request that may succeed later is sent again, on the same connection only.
 *
 * <p>Owned by the client's thread.
 */
final class WireRequests {
    /** When a request is sent again if the relay does not say. */
    private static final long RETRY_MS = 1_000;

    private final WireContext context;
    private final WireGrids grids;
    private String name;
    private boolean isAnswered;
    private int asking;
    private int images;

    WireRequests(final WireContext context, final WireGrids grids) {
        this.context = context;
        this.grids = grids;
        rename();
    }

    /** Takes another name: what is on its way to the earlier one does not count. */
    void rename() {
        name = context.nextName();
    }

    String name() {
        return name;
    }

    /** Every subscribe was answered, and every snapshot had its last piece. */
    boolean isWhole() {
        return isAnswered && asking == 0 && images == 0;
    }

    /** The connection is lost, and with it what was asked for. */
    void lose() {
        isAnswered = false;
        asking = 0;
        images = 0;
    }

    /** The last piece of a snapshot that answers a request. */
    void onLastPiece() {
        images = Math.max(0, images - 1);
    }

    /** Asks for symbols; {@code onAck} runs with the ack and the symbols. */
    void subscribe(final String more, final List<String> symbols, final BiConsumer<RelayMessage, List<String>> onAck) {
        asking++;
        request("subscribe", more + symbolsOf(symbols), answer -> {
            asking--;
            if (answer.is(Part.TYPE, "ack")) {
                images += answer.is(Part.REPLACES, "none") ? 0 : 1;
                isAnswered = true;
                onAck.accept(answer, symbols);
            }
        });
    }

    /** Gives symbols back; {@code onDone} runs with the answer. */
    void unsubscribe(final List<String> symbols, final Runnable onDone) {
        request("unsubscribe", symbolsOf(symbols), answer -> onDone.run());
    }

    void change(final int intervalMs) {
        request("change", ",\"interval\":" + intervalMs + ",\"snapshot\":false", answer -> { });
    }

    /** Ends the subscription. */
    void end() {
        if (context.isOpen()) {
            context.request("\"op\":\"unsubscribe\",\"sub\":\"" + name + '"', answer -> { });
        }
    }

    /** Asks until there is an answer to hold to. */
    private void request(final String op, final String more, final Consumer<RelayMessage> onDone) {
        final String sentAs = name;
        final int turn = context.turn();
        context.request("\"op\":\"" + op + "\",\"sub\":\"" + name + '"' + more, answer -> {
            if (!sentAs.equals(name)) {
                return;
            }
            if (answer.is(Part.TYPE, "error") && answer.isTrue(Part.RETRY)) {
                context.after(answer.has(Part.RETRY_AFTER) ? answer.number(Part.RETRY_AFTER) : RETRY_MS, () -> {
                    if (turn == context.turn() && sentAs.equals(name) && !grids.isEmpty()) {
                        request(op, more, onDone);
                    }
                });
                return;
            }
            if (answer.is(Part.TYPE, "error")) {
                final RefusedException refusal = RefusedException.of(answer);
                context.onError(refusal);
                grids.onRefused(refusal);
            }
            onDone.accept(answer);
            settle();
        });
    }

    /** Says so if all has come. */
    void settle() {
        if (isWhole()) {
            grids.onWhole();
        }
    }

    private static String symbolsOf(final List<String> symbols) {
        return JsonWriter.strings(new StringBuilder(",\"symbols\":"), symbols).toString();
    }
}
