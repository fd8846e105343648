package penstock.client;

import java.util.List;
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
    private static final String ENDED = "";

    /** What the relay says to requests. */
    interface Answers {
        /** A subscribe was granted; {@code isFirst}: none was before, on this connection. */
        void onAck(RelayMessage ack, List<String> symbols, boolean isFirst);

        /** A subscribe was refused. */
        void onRefused(RefusedException reason, List<String> symbols);

        /** Any answer came. */
        void onAnswered();
    }

    private final WireContext context;
    private final Answers answers;
    private String name;
    private boolean isAnswered;
    private int asking;
    private int images;

    WireRequests(final WireContext context, final Answers answers) {
        this.context = context;
        this.answers = answers;
        name = context.nextName();
    }

    String name() {
        return name;
    }

    /** Nothing more is wanted under its name. */
    boolean isEnded() {
        return name.equals(ENDED);
    }

    /** A subscribe was granted on this connection. */
    boolean isAnswered() {
        return isAnswered;
    }

    /** Every subscribe was answered, and every snapshot had its last piece. */
    boolean isWhole() {
        return isAnswered && asking == 0 && images == 0;
    }

    /** Takes another name: what is on its way to the earlier one, or waits to be sent, does not count. */
    void lose() {
        name = context.nextName();
        isAnswered = false;
        asking = 0;
        images = 0;
    }

    /** The last piece of a snapshot that answers a request. */
    void onLastPiece() {
        images = Math.max(0, images - 1);
    }

    /** Asks for symbols; {@code again} asks once more. */
    void subscribe(final String more, final List<String> symbols, final Runnable again) {
        asking++;
        request("subscribe", more + symbolsOf(symbols), () -> {
            asking--;
            again.run();
        }, answer -> {
            asking--;
            if (answer.is(Part.TYPE, "error")) {
                answers.onRefused(refusal(answer), symbols);
            } else if (answer.is(Part.TYPE, "ack")) {
                final boolean isFirst = !isAnswered;
                isAnswered = true;
                images += answer.is(Part.REPLACES, "none") ? 0 : 1;
                answers.onAck(answer, symbols, isFirst);
            }
        });
    }

    /** Gives symbols back. */
    void unsubscribe(final List<String> symbols, final Runnable again) {
        request("unsubscribe", symbolsOf(symbols), again, this::refusal);
    }

    void change(final int intervalMs, final Runnable again) {
        request("change", ",\"interval\":" + intervalMs + ",\"snapshot\":false", again, this::refusal);
    }

    /** Ends the subscription; {@code isToBeTold}: the relay has it. */
    void end(final boolean isToBeTold) {
        if (context.isOpen() && isToBeTold) {
            context.request("\"op\":\"unsubscribe\",\"sub\":\"" + name + '"', answer -> { });
        }
        name = ENDED;
    }

    /** Asks until there is an answer to hold to. */
    private void request(final String op, final String more, final Runnable again,
            final Consumer<RelayMessage> onDone) {
        final String sentAs = name;
        context.request("\"op\":\"" + op + "\",\"sub\":\"" + name + '"' + more, answer -> {
            if (!sentAs.equals(name)) {
                return;
            }
            if (answer.is(Part.TYPE, "error") && answer.isTrue(Part.RETRY)) {
                // it still counts as asked: nothing of it was sent
                context.after(answer.has(Part.RETRY_AFTER) ? answer.number(Part.RETRY_AFTER) : RETRY_MS, () -> {
                    if (sentAs.equals(name)) {
                        again.run();
                    }
                });
                return;
            }
            onDone.accept(answer);
            answers.onAnswered();
        });
    }

    /** What an answer refuses, which the user hears; null if it refuses nothing. */
    private RefusedException refusal(final RelayMessage answer) {
        if (!answer.is(Part.TYPE, "error")) {
            return null;
        }
        final RefusedException refusal = RefusedException.of(answer);
        context.onError(refusal);
        return refusal;
    }

    private static String symbolsOf(final List<String> symbols) {
        return JsonWriter.strings(new StringBuilder(",\"symbols\":"), symbols).toString();
    }
}
