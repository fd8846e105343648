package penstock.bus;

import io.nats.client.impl.Headers;
import penstock.nats.NatsConnection;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;

/** Short answers to readers, in JSON. One that finds no room is not sent: its reader asks again. Any thread. */
final class BusAnswers {
    private final NatsConnection connection;
    private final BusCounts counts;

    BusAnswers(final NatsConnection connection, final BusCounts counts) {
        this.connection = connection;
        this.counts = counts;
    }

    /** Sends an answer to those who hear that subject. */
    void send(final String reader, final MessageBuffer answer) {
        if (connection.hasRoom(true)) {
            connection.publish(reader, new Headers(), answer.toBytes());
        }
    }

    /** Sends the error, in the form of the protocol's errors. */
    void refuse(final String reader, final RequestException why) {
        counts.onRefused();
        final MessageBuffer answer = new MessageBuffer(256);
        MessageEncoder.error(answer, why);
        send(reader, answer);
    }
}
