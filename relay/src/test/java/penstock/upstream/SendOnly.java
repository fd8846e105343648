package penstock.upstream;

/** A connection that is there for the requests of a test: it gets no ping and never ends. */
public interface SendOnly extends Upstream {
    @Override
    default void sendPong(final byte[] payload, final int offset, final int length) {
        throw new AssertionError("no ping was sent");
    }

    @Override
    default void close(final int code, final String reason) {
        throw new AssertionError(reason);
    }

    @Override
    default void abort() {
        throw new AssertionError("given up");
    }
}
