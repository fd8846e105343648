package penstock.client.rows;

/**
 * A topic as it was announced on a connection: rows name it by its number.
 *
 * <p>Owned by the client's thread.
 */
final class RowTopic {
    final int number;
    String symbol = "";
    /** Sequence of its last entry. */
    long q;

    RowTopic(final int number) {
        this.number = number;
    }
}
