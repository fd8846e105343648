package penstock.client;

/** What a user hears of a session. All calls come on the client's executor. */
public interface ClientListener {
    /** Hears nothing. */
    ClientListener NONE = new ClientListener() {
    };

    /** The session, or a feed, changed its state. */
    default void onState(final SessionState state) {
    }

    /** A ledger did not add up; the subscription has begun again. */
    default void onBroken(final BrokenLedger broken) {
    }

    /** A request was refused, a token could not be had, or a message was none of the protocol. */
    default void onError(final RefusedException error) {
    }

    /** The relay took a request and has a hint, such as a symbol that is spelled differently. */
    default void onWarning(final String text) {
    }

    /** Each message as it came, before the client reads it: valid during the call. */
    default void onMessage(final CharSequence text) {
    }

    /** Each request as it is sent, but for those that show a token. */
    default void onRequest(final String text) {
    }
}
