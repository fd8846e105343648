package penstock.oracle;

import java.nio.ByteBuffer;

/** Takes the messages out of what one connection of a simulated client receives. One thread. */
public interface ByteReader {
    /** Receives the messages. */
    interface Receiver {
        /**
         * A message.
         *
         * @param firstByte the place of its frame in all that came
         * @param id        of a server-sent event; null if it has none
         */
        void onMessage(long firstByte, String text, String id);

        /** A ping. */
        void onPing();

        /** A Close frame. */
        void onClose(int code);

        /** The bytes break the rules of the format. */
        void onBroken(String why);
    }

    /** The next bytes. */
    void read(ByteBuffer bytes);

    /** Nothing more is to be received. */
    void stop();
}
