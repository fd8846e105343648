package penstock.client;

import java.util.function.Consumer;
import penstock.client.value.RelayMessage;

/** What a subscription uses of its session. Called on the client's thread. */
interface WireContext {
    /** Whether there is a session now. */
    boolean isOpen();

    /** Of the session. */
    long epoch();

    long nowMs();

    /** The interval to ask for, within the limits of the relay, if a user asks for {@code wantedMs}. */
    int intervalMs(int wantedMs);

    boolean isFeedLive(String feed);

    /** The conflation class of the channel; null if it is not known. */
    String classOf(GridTerms terms);

    /** A name that no subscription of the client had. */
    String nextName();

    /** Sends a request, members of an object without its braces; {@code onAnswer} runs with what answers it. */
    void request(String members, Consumer<RelayMessage> onAnswer);

    void after(long ms, Runnable task);

    /** Something is to be shown. */
    void schedule();

    void onBroken(BrokenLedger broken);

    void onError(RefusedException error);
}
