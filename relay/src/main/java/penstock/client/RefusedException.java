package penstock.client;

import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/** What a user waits for does not come: the relay refused it, or the client is closed. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /** {@code status} as of HTTP, 0 without one; {@code code} as in the protocol, or {@code closed}. */
    public RefusedException(final int status, final String code, final String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** An error of the relay. */
    static RefusedException of(final RelayMessage error) {
        return new RefusedException((int) error.number(Part.STATUS), error.text(Part.CODE), error.text(Part.MESSAGE));
    }

    /** The user's source of tokens failed. */
    static RefusedException ofToken(final Throwable fault) {
        return new RefusedException(0, "no_token", String.valueOf(fault.getMessage()));
    }

    /** Nothing comes of a client that is closed. */
    static RefusedException closed() {
        return new RefusedException(0, "closed", "the grid, or its client, is closed");
    }

    /** As of HTTP; 0 without one. */
    public int status() {
        return status;
    }

    /** The word of the protocol, such as {@code unknown_channel}; {@code closed} if the client or the grid is. */
    public String code() {
        return code;
    }
}
