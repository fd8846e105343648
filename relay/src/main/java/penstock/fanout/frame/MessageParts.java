package penstock.fanout.frame;

import penstock.wire.MessageBuffer;

/** The constant parts of data messages, encoded. */
final class MessageParts {
    static final byte[] SNAPSHOT = MessageBuffer.ascii("{\"type\":\"snapshot\",");
    static final byte[] UPDATE = MessageBuffer.ascii("{\"type\":\"update\",");
    static final byte[] EPOCH = MessageBuffer.ascii(",\"epoch\":");
    static final byte[] ID = MessageBuffer.ascii(",\"id\":");
    static final byte[] REPLACES = MessageBuffer.ascii(",\"replaces\":");
    static final byte[] POSITION = MessageBuffer.ascii(",\"p\":");
    static final byte[] LAST = MessageBuffer.ascii(",\"last\":true");
    static final byte[] RESUMED = MessageBuffer.ascii(",\"resumed\":true");
    static final byte[] DATA = MessageBuffer.ascii(",\"data\":[");

    private MessageParts() {
    }
}
