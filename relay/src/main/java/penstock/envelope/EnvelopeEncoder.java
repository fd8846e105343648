/* Generated SBE (Simple Binary Encoding) message codec. */
package penstock.envelope;

import org.agrona.MutableDirectBuffer;
import org.agrona.DirectBuffer;


/**
 * Values of topics of one subscription
 */
@SuppressWarnings("all")
public final class EnvelopeEncoder
{
    public static final int BLOCK_LENGTH = 27;
    public static final int TEMPLATE_ID = 1;
    public static final int SCHEMA_ID = 7367;
    public static final int SCHEMA_VERSION = 0;
    public static final String SEMANTIC_VERSION = "1";
    public static final java.nio.ByteOrder BYTE_ORDER = java.nio.ByteOrder.LITTLE_ENDIAN;

    private final EnvelopeEncoder parentMessage = this;
    private MutableDirectBuffer buffer;
    private int offset;
    private int limit;

    public int sbeBlockLength()
    {
        return BLOCK_LENGTH;
    }

    public int sbeTemplateId()
    {
        return TEMPLATE_ID;
    }

    public int sbeSchemaId()
    {
        return SCHEMA_ID;
    }

    public int sbeSchemaVersion()
    {
        return SCHEMA_VERSION;
    }

    public String sbeSemanticType()
    {
        return "";
    }

    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    public int offset()
    {
        return offset;
    }

    public EnvelopeEncoder wrap(final MutableDirectBuffer buffer, final int offset)
    {
        if (buffer != this.buffer)
        {
            this.buffer = buffer;
        }
        this.offset = offset;
        limit(offset + BLOCK_LENGTH);

        return this;
    }

    public EnvelopeEncoder wrapAndApplyHeader(
        final MutableDirectBuffer buffer, final int offset, final MessageHeaderEncoder headerEncoder)
    {
        headerEncoder
            .wrap(buffer, offset)
            .blockLength(BLOCK_LENGTH)
            .templateId(TEMPLATE_ID)
            .schemaId(SCHEMA_ID)
            .version(SCHEMA_VERSION);

        return wrap(buffer, offset + MessageHeaderEncoder.ENCODED_LENGTH);
    }

    public int encodedLength()
    {
        return limit - offset;
    }

    public int limit()
    {
        return limit;
    }

    public void limit(final int limit)
    {
        this.limit = limit;
    }

    public static int tsId()
    {
        return 1;
    }

    public static int tsSinceVersion()
    {
        return 0;
    }

    public static int tsEncodingOffset()
    {
        return 0;
    }

    public static int tsEncodingLength()
    {
        return 8;
    }

    public static String tsMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public static long tsNullValue()
    {
        return 0xffffffffffffffffL;
    }

    public static long tsMinValue()
    {
        return 0x0L;
    }

    public static long tsMaxValue()
    {
        return 0xfffffffffffffffeL;
    }

    public EnvelopeEncoder ts(final long value)
    {
        buffer.putLong(offset + 0, value, BYTE_ORDER);
        return this;
    }


    public static int epochId()
    {
        return 2;
    }

    public static int epochSinceVersion()
    {
        return 0;
    }

    public static int epochEncodingOffset()
    {
        return 8;
    }

    public static int epochEncodingLength()
    {
        return 8;
    }

    public static String epochMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public static long epochNullValue()
    {
        return 0xffffffffffffffffL;
    }

    public static long epochMinValue()
    {
        return 0x0L;
    }

    public static long epochMaxValue()
    {
        return 0xfffffffffffffffeL;
    }

    public EnvelopeEncoder epoch(final long value)
    {
        buffer.putLong(offset + 8, value, BYTE_ORDER);
        return this;
    }


    public static int pId()
    {
        return 3;
    }

    public static int pSinceVersion()
    {
        return 0;
    }

    public static int pEncodingOffset()
    {
        return 16;
    }

    public static int pEncodingLength()
    {
        return 8;
    }

    public static String pMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public static long pNullValue()
    {
        return 0xffffffffffffffffL;
    }

    public static long pMinValue()
    {
        return 0x0L;
    }

    public static long pMaxValue()
    {
        return 0xfffffffffffffffeL;
    }

    public EnvelopeEncoder p(final long value)
    {
        buffer.putLong(offset + 16, value, BYTE_ORDER);
        return this;
    }


    public static int kindId()
    {
        return 4;
    }

    public static int kindSinceVersion()
    {
        return 0;
    }

    public static int kindEncodingOffset()
    {
        return 24;
    }

    public static int kindEncodingLength()
    {
        return 1;
    }

    public static String kindMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public EnvelopeEncoder kind(final Kind value)
    {
        buffer.putByte(offset + 24, (byte)value.value());
        return this;
    }

    public static int replacesId()
    {
        return 5;
    }

    public static int replacesSinceVersion()
    {
        return 0;
    }

    public static int replacesEncodingOffset()
    {
        return 25;
    }

    public static int replacesEncodingLength()
    {
        return 1;
    }

    public static String replacesMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public EnvelopeEncoder replaces(final Scope value)
    {
        buffer.putByte(offset + 25, (byte)value.value());
        return this;
    }

    public static int flagsId()
    {
        return 6;
    }

    public static int flagsSinceVersion()
    {
        return 0;
    }

    public static int flagsEncodingOffset()
    {
        return 26;
    }

    public static int flagsEncodingLength()
    {
        return 1;
    }

    public static String flagsMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    private final MessageFlagsEncoder flags = new MessageFlagsEncoder();

    /**
     * last: the last piece of a snapshot; resumed: it continues from resume
     *
     * @return MessageFlagsEncoder : last: the last piece of a snapshot; resumed: it continues from resume
     */
    public MessageFlagsEncoder flags()
    {
        flags.wrap(buffer, offset + 26);
        return flags;
    }

    private final EntriesEncoder entries = new EntriesEncoder(this);

    public static long entriesId()
    {
        return 7;
    }

    /**
     * One topic each
     *
     * @param count of times the group will be encoded.
     * @return EntriesEncoder : encoder for the group.
     */
    public EntriesEncoder entriesCount(final int count)
    {
        entries.wrap(buffer, count);
        return entries;
    }

    /**
     * One topic each
     */

    public static final class EntriesEncoder
    {
        public static final int HEADER_SIZE = 4;
        private final EnvelopeEncoder parentMessage;
        private MutableDirectBuffer buffer;
        private int count;
        private int index;
        private int offset;
        private int initialLimit;

        EntriesEncoder(final EnvelopeEncoder parentMessage)
        {
            this.parentMessage = parentMessage;
        }

        public void wrap(final MutableDirectBuffer buffer, final int count)
        {
            if (count < 0 || count > 65534)
            {
                throw new IllegalArgumentException("count outside allowed range: count=" + count);
            }

            if (buffer != this.buffer)
            {
                this.buffer = buffer;
            }

            index = 0;
            this.count = count;
            final int limit = parentMessage.limit();
            initialLimit = limit;
            parentMessage.limit(limit + HEADER_SIZE);
            buffer.putShort(limit + 0, (short)34, BYTE_ORDER);
            buffer.putShort(limit + 2, (short)count, BYTE_ORDER);
        }

        public EntriesEncoder next()
        {
            if (index >= count)
            {
                throw new java.util.NoSuchElementException();
            }

            offset = parentMessage.limit();
            parentMessage.limit(offset + sbeBlockLength());
            ++index;

            return this;
        }

        public int resetCountToIndex()
        {
            count = index;
            buffer.putShort(initialLimit + 2, (short)count, BYTE_ORDER);

            return count;
        }

        public static int countMinValue()
        {
            return 0;
        }

        public static int countMaxValue()
        {
            return 65534;
        }

        public static int sbeHeaderSize()
        {
            return HEADER_SIZE;
        }

        public static int sbeBlockLength()
        {
            return 34;
        }

        public static int topicId()
        {
            return 8;
        }

        public static int topicSinceVersion()
        {
            return 0;
        }

        public static int topicEncodingOffset()
        {
            return 0;
        }

        public static int topicEncodingLength()
        {
            return 4;
        }

        public static String topicMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public static long topicNullValue()
        {
            return 4294967295L;
        }

        public static long topicMinValue()
        {
            return 0L;
        }

        public static long topicMaxValue()
        {
            return 4294967294L;
        }

        public EntriesEncoder topic(final long value)
        {
            buffer.putInt(offset + 0, (int)value, BYTE_ORDER);
            return this;
        }


        public static int qId()
        {
            return 9;
        }

        public static int qSinceVersion()
        {
            return 0;
        }

        public static int qEncodingOffset()
        {
            return 4;
        }

        public static int qEncodingLength()
        {
            return 8;
        }

        public static String qMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public static long qNullValue()
        {
            return 0xffffffffffffffffL;
        }

        public static long qMinValue()
        {
            return 0x0L;
        }

        public static long qMaxValue()
        {
            return 0xfffffffffffffffeL;
        }

        public EntriesEncoder q(final long value)
        {
            buffer.putLong(offset + 4, value, BYTE_ORDER);
            return this;
        }


        public static int pId()
        {
            return 10;
        }

        public static int pSinceVersion()
        {
            return 0;
        }

        public static int pEncodingOffset()
        {
            return 12;
        }

        public static int pEncodingLength()
        {
            return 8;
        }

        public static String pMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public static long pNullValue()
        {
            return 0xffffffffffffffffL;
        }

        public static long pMinValue()
        {
            return 0x0L;
        }

        public static long pMaxValue()
        {
            return 0xfffffffffffffffeL;
        }

        public EntriesEncoder p(final long value)
        {
            buffer.putLong(offset + 12, value, BYTE_ORDER);
            return this;
        }


        public static int tId()
        {
            return 11;
        }

        public static int tSinceVersion()
        {
            return 0;
        }

        public static int tEncodingOffset()
        {
            return 20;
        }

        public static int tEncodingLength()
        {
            return 8;
        }

        public static String tMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "optional";
            }

            return "";
        }

        public static long tNullValue()
        {
            return -9223372036854775808L;
        }

        public static long tMinValue()
        {
            return -9223372036854775807L;
        }

        public static long tMaxValue()
        {
            return 9223372036854775807L;
        }

        public EntriesEncoder t(final long value)
        {
            buffer.putLong(offset + 20, value, BYTE_ORDER);
            return this;
        }


        public static int ageId()
        {
            return 12;
        }

        public static int ageSinceVersion()
        {
            return 0;
        }

        public static int ageEncodingOffset()
        {
            return 28;
        }

        public static int ageEncodingLength()
        {
            return 4;
        }

        public static String ageMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "optional";
            }

            return "";
        }

        public static long ageNullValue()
        {
            return 4294967295L;
        }

        public static long ageMinValue()
        {
            return 0L;
        }

        public static long ageMaxValue()
        {
            return 4294967294L;
        }

        public EntriesEncoder age(final long value)
        {
            buffer.putInt(offset + 28, (int)value, BYTE_ORDER);
            return this;
        }


        public static int stateId()
        {
            return 13;
        }

        public static int stateSinceVersion()
        {
            return 0;
        }

        public static int stateEncodingOffset()
        {
            return 32;
        }

        public static int stateEncodingLength()
        {
            return 1;
        }

        public static String stateMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public EntriesEncoder state(final State value)
        {
            buffer.putByte(offset + 32, (byte)value.value());
            return this;
        }

        public static int flagsId()
        {
            return 14;
        }

        public static int flagsSinceVersion()
        {
            return 0;
        }

        public static int flagsEncodingOffset()
        {
            return 33;
        }

        public static int flagsEncodingLength()
        {
            return 1;
        }

        public static String flagsMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        private final EntryFlagsEncoder flags = new EntryFlagsEncoder();

        /**
         * change: the value is a change of what was sent before; removed, payload: what beside has; valueIsPayload: beside would repeat the value
         *
         * @return EntryFlagsEncoder : change: the value is a change of what was sent before; removed, payload: what beside has; valueIsPayload: beside would repeat the value
         */
        public EntryFlagsEncoder flags()
        {
            flags.wrap(buffer, offset + 33);
            return flags;
        }

        public static int valueId()
        {
            return 15;
        }

        public static String valueMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public static int valueHeaderLength()
        {
            return 4;
        }

        public EntriesEncoder putValue(final DirectBuffer src, final int srcOffset, final int length)
        {
            if (length > 1073741824)
            {
                throw new IllegalStateException("length > maxValue for type: " + length);
            }

            final int headerLength = 4;
            final int limit = parentMessage.limit();
            parentMessage.limit(limit + headerLength + length);
            buffer.putInt(limit, length, BYTE_ORDER);
            buffer.putBytes(limit + headerLength, src, srcOffset, length);

            return this;
        }

        public EntriesEncoder putValue(final byte[] src, final int srcOffset, final int length)
        {
            if (length > 1073741824)
            {
                throw new IllegalStateException("length > maxValue for type: " + length);
            }

            final int headerLength = 4;
            final int limit = parentMessage.limit();
            parentMessage.limit(limit + headerLength + length);
            buffer.putInt(limit, length, BYTE_ORDER);
            buffer.putBytes(limit + headerLength, src, srcOffset, length);

            return this;
        }

        public static int besideId()
        {
            return 16;
        }

        public static String besideMetaAttribute(final MetaAttribute metaAttribute)
        {
            if (MetaAttribute.PRESENCE == metaAttribute)
            {
                return "required";
            }

            return "";
        }

        public static int besideHeaderLength()
        {
            return 4;
        }

        public EntriesEncoder putBeside(final DirectBuffer src, final int srcOffset, final int length)
        {
            if (length > 1073741824)
            {
                throw new IllegalStateException("length > maxValue for type: " + length);
            }

            final int headerLength = 4;
            final int limit = parentMessage.limit();
            parentMessage.limit(limit + headerLength + length);
            buffer.putInt(limit, length, BYTE_ORDER);
            buffer.putBytes(limit + headerLength, src, srcOffset, length);

            return this;
        }

        public EntriesEncoder putBeside(final byte[] src, final int srcOffset, final int length)
        {
            if (length > 1073741824)
            {
                throw new IllegalStateException("length > maxValue for type: " + length);
            }

            final int headerLength = 4;
            final int limit = parentMessage.limit();
            parentMessage.limit(limit + headerLength + length);
            buffer.putInt(limit, length, BYTE_ORDER);
            buffer.putBytes(limit + headerLength, src, srcOffset, length);

            return this;
        }
    }

    public static int subId()
    {
        return 17;
    }

    public static String subCharacterEncoding()
    {
        return java.nio.charset.StandardCharsets.UTF_8.name();
    }

    public static String subMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public static int subHeaderLength()
    {
        return 2;
    }

    public EnvelopeEncoder putSub(final DirectBuffer src, final int srcOffset, final int length)
    {
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, src, srcOffset, length);

        return this;
    }

    public EnvelopeEncoder putSub(final byte[] src, final int srcOffset, final int length)
    {
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, src, srcOffset, length);

        return this;
    }

    public EnvelopeEncoder sub(final String value)
    {
        final byte[] bytes = (null == value || value.isEmpty()) ? org.agrona.collections.ArrayUtil.EMPTY_BYTE_ARRAY : value.getBytes(java.nio.charset.StandardCharsets.UTF_8);

        final int length = bytes.length;
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, bytes, 0, length);

        return this;
    }

    public static int requestId()
    {
        return 18;
    }

    public static String requestCharacterEncoding()
    {
        return java.nio.charset.StandardCharsets.UTF_8.name();
    }

    public static String requestMetaAttribute(final MetaAttribute metaAttribute)
    {
        if (MetaAttribute.PRESENCE == metaAttribute)
        {
            return "required";
        }

        return "";
    }

    public static int requestHeaderLength()
    {
        return 2;
    }

    public EnvelopeEncoder putRequest(final DirectBuffer src, final int srcOffset, final int length)
    {
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, src, srcOffset, length);

        return this;
    }

    public EnvelopeEncoder putRequest(final byte[] src, final int srcOffset, final int length)
    {
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, src, srcOffset, length);

        return this;
    }

    public EnvelopeEncoder request(final String value)
    {
        final byte[] bytes = (null == value || value.isEmpty()) ? org.agrona.collections.ArrayUtil.EMPTY_BYTE_ARRAY : value.getBytes(java.nio.charset.StandardCharsets.UTF_8);

        final int length = bytes.length;
        if (length > 65534)
        {
            throw new IllegalStateException("length > maxValue for type: " + length);
        }

        final int headerLength = 2;
        final int limit = parentMessage.limit();
        parentMessage.limit(limit + headerLength + length);
        buffer.putShort(limit, (short)length, BYTE_ORDER);
        buffer.putBytes(limit + headerLength, bytes, 0, length);

        return this;
    }

    public String toString()
    {
        if (null == buffer)
        {
            return "";
        }

        return appendTo(new StringBuilder()).toString();
    }

    public StringBuilder appendTo(final StringBuilder builder)
    {
        if (null == buffer)
        {
            return builder;
        }

        final EnvelopeDecoder decoder = new EnvelopeDecoder();
        decoder.wrap(buffer, offset, BLOCK_LENGTH, SCHEMA_VERSION);

        return decoder.appendTo(builder);
    }
}
