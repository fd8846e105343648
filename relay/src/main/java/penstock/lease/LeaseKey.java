package penstock.lease;

import java.util.function.Consumer;

/**
 * One key in a store that agrees on its revision: each write gives it a higher one. An answer may come on any thread,
 * within a time limit of the store's. Any thread.
 */
public interface LeaseKey extends AutoCloseable {
    /** Reads the newest value that any process has written. */
    void read(Consumer<KeyAnswer> answer);

    /** Writes {@code value} if the key has still this revision, 0 if it does not exist. */
    void swap(long revision, String value, Consumer<KeyAnswer> answer);

    /** No further request. */
    @Override
    void close();
}
