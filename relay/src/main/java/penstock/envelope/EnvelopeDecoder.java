/* Generated SBE (Simple Binary Encoding) message codec. */
package penstock.envelope;

import org.agrona.MutableDirectBuffer;
import org.agrona.DirectBuffer;


/**
 * Values of topics of one subscription
 */
@SuppressWarnings("all")
public final class EnvelopeDecoder
{
    public static final int BLOCK_LENGTH = 27;
    public static final int TEMPLATE_ID = 1;
    public static final int SCHEMA_ID = 7367;
    public static final int SCHEMA_VERSION = 0;
    public static final String SEMANTIC_VERSION = "1";
    public static final java.nio.ByteOrder BYTE_ORDER = java.nio.ByteOrder.LITTLE_ENDIAN;

    private final EnvelopeDecoder parentMessage = this;
    private DirectBuffer buffer;
    private int offset;
    private int limit;
    int actingBlockLength;
    int actingVersion;

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

    public DirectBuffer buffer()
    {
        return buffer;
    }

    public int offset()
    {
        return offset;
    }

    public EnvelopeDecoder wrap(
        final DirectBuffer buffer,
        final int offset,
        final int actingBlockLength,
        final int actingVersion)
    {
        if (buffer != this.buffer)
        {
            this.buffer = buffer;
        }
        this.offset = offset;
        this.actingBlockLength = actingBlockLength;
        this.actingVersion = actingVersion;
        limit(offset + actingBlockLength);

        return this;
    }

    public EnvelopeDecoder wrapAndApplyHeader(
        final DirectBuffer buffer,
        final int offset,
        final MessageHeaderDecoder headerDecoder)
    {
        headerDecoder.wrap(buffer, offset);

        final int templateId = headerDecoder.templateId();
        if (TEMPLATE_ID != templateId)
        {
            throw new IllegalStateException("Invalid TEMPLATE_ID: " + templateId);
        }

        return wrap(
            buffer,
            offset + MessageHeaderDecoder.ENCODED_LENGTH,
            headerDecoder.blockLength(),
            headerDecoder.version());
    }

    public EnvelopeDecoder sbeRewind()
    {
        return wrap(buffer, offset, actingBlockLength, actingVersion);
    }

    public int sbeDecodedLength()
    {
        final int currentLimit = limit();
        sbeSkip();
        final int decodedLength = encodedLength();
        limit(currentLimit);

        return decodedLength;
    }

    public int actingVersion()
    {
        return actingVersion;
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

    public long ts()
    {
        return buffer.getLong(offset + 0, BYTE_ORDER);
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

    public long epoch()
    {
        return buffer.getLong(offset + 8, BYTE_ORDER);
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

    public long p()
    {
        return buffer.getLong(offset + 16, BYTE_ORDER);
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

    public short kindRaw()
    {
        return ((short)(buffer.getByte(offset + 24) & 0xFF));
    }

    public Kind kind()
    {
        return Kind.get(((short)(buffer.getByte(offset + 24) & 0xFF)));
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

    public short replacesRaw()
    {
        return ((short)(buffer.getByte(offset + 25) & 0xFF));
    }

    public Scope replaces()
    {
        return Scope.get(((short)(buffer.getByte(offset + 25) & 0xFF)));
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

    private final MessageFlagsDecoder flags = new MessageFlagsDecoder();

    /**
     * last: the last piece of a snapshot; resumed: it continues from resume
     *
     * @return MessageFlagsDecoder : last: the last piece of a snapshot; resumed: it continues from resume
     */
    public MessageFlagsDecoder flags()
    {
        flags.wrap(buffer, offset + 26);
        return flags;
    }

    private final EntriesDecoder entries = new EntriesDecoder(this);

    public static long entriesDecoderId()
    {
        return 7;
    }

    public static int entriesDecoderSinceVersion()
    {
        return 0;
    }

    /**
     * One topic each
     *
     * @return EntriesDecoder : One topic each
     */
    public EntriesDecoder entries()
    {
        entries.wrap(buffer);
        return entries;
    }

    /**
     * One topic each
     */

    public static final class EntriesDecoder
        implements Iterable<EntriesDecoder>, java.util.Iterator<EntriesDecoder>
    {
        public static final int HEADER_SIZE = 4;
        private final EnvelopeDecoder parentMessage;
        private DirectBuffer buffer;
        private int count;
        private int index;
        private int offset;
        private int blockLength;

        EntriesDecoder(final EnvelopeDecoder parentMessage)
        {
            this.parentMessage = parentMessage;
        }

        public void wrap(final DirectBuffer buffer)
        {
            if (buffer != this.buffer)
            {
                this.buffer = buffer;
            }

            index = 0;
            final int limit = parentMessage.limit();
            parentMessage.limit(limit + HEADER_SIZE);
            blockLength = (buffer.getShort(limit + 0, BYTE_ORDER) & 0xFFFF);
            count = (buffer.getShort(limit + 2, BYTE_ORDER) & 0xFFFF);
        }

        public EntriesDecoder next()
        {
            if (index >= count)
            {
                throw new java.util.NoSuchElementException();
            }

            offset = parentMessage.limit();
            parentMessage.limit(offset + blockLength);
            ++index;

            return this;
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

        public int actingBlockLength()
        {
            return blockLength;
        }

        public int actingVersion()
        {
            return parentMessage.actingVersion;
        }

        public int count()
        {
            return count;
        }

        public java.util.Iterator<EntriesDecoder> iterator()
        {
            return this;
        }

        public void remove()
        {
            throw new UnsupportedOperationException();
        }

        public boolean hasNext()
        {
            return index < count;
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

        public long topic()
        {
            return (buffer.getInt(offset + 0, BYTE_ORDER) & 0xFFFF_FFFFL);
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

        public long q()
        {
            return buffer.getLong(offset + 4, BYTE_ORDER);
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

        public long p()
        {
            return buffer.getLong(offset + 12, BYTE_ORDER);
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

        public long t()
        {
            return buffer.getLong(offset + 20, BYTE_ORDER);
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

        public long age()
        {
            return (buffer.getInt(offset + 28, BYTE_ORDER) & 0xFFFF_FFFFL);
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

        public short stateRaw()
        {
            return ((short)(buffer.getByte(offset + 32) & 0xFF));
        }

        public State state()
        {
            return State.get(((short)(buffer.getByte(offset + 32) & 0xFF)));
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

        private final EntryFlagsDecoder flags = new EntryFlagsDecoder();

        /**
         * change: the value is a change of what was sent before; removed, payload: what beside has; valueIsPayload: beside would repeat the value
         *
         * @return EntryFlagsDecoder : change: the value is a change of what was sent before; removed, payload: what beside has; valueIsPayload: beside would repeat the value
         */
        public EntryFlagsDecoder flags()
        {
            flags.wrap(buffer, offset + 33);
            return flags;
        }

        public static int valueId()
        {
            return 15;
        }

        public static int valueSinceVersion()
        {
            return 0;
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

        public int valueLength()
        {
            final int limit = parentMessage.limit();
            return (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
        }

        public int skipValue()
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int dataOffset = limit + headerLength;
            parentMessage.limit(dataOffset + dataLength);

            return dataLength;
        }

        public int getValue(final MutableDirectBuffer dst, final int dstOffset, final int length)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int bytesCopied = Math.min(length, dataLength);
            parentMessage.limit(limit + headerLength + dataLength);
            buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

            return bytesCopied;
        }

        public int getValue(final byte[] dst, final int dstOffset, final int length)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int bytesCopied = Math.min(length, dataLength);
            parentMessage.limit(limit + headerLength + dataLength);
            buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

            return bytesCopied;
        }

        public void wrapValue(final DirectBuffer wrapBuffer)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            parentMessage.limit(limit + headerLength + dataLength);
            wrapBuffer.wrap(buffer, limit + headerLength, dataLength);
        }

        public static int besideId()
        {
            return 16;
        }

        public static int besideSinceVersion()
        {
            return 0;
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

        public int besideLength()
        {
            final int limit = parentMessage.limit();
            return (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
        }

        public int skipBeside()
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int dataOffset = limit + headerLength;
            parentMessage.limit(dataOffset + dataLength);

            return dataLength;
        }

        public int getBeside(final MutableDirectBuffer dst, final int dstOffset, final int length)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int bytesCopied = Math.min(length, dataLength);
            parentMessage.limit(limit + headerLength + dataLength);
            buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

            return bytesCopied;
        }

        public int getBeside(final byte[] dst, final int dstOffset, final int length)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            final int bytesCopied = Math.min(length, dataLength);
            parentMessage.limit(limit + headerLength + dataLength);
            buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

            return bytesCopied;
        }

        public void wrapBeside(final DirectBuffer wrapBuffer)
        {
            final int headerLength = 4;
            final int limit = parentMessage.limit();
            final int dataLength = (int)(buffer.getInt(limit, BYTE_ORDER) & 0xFFFF_FFFFL);
            parentMessage.limit(limit + headerLength + dataLength);
            wrapBuffer.wrap(buffer, limit + headerLength, dataLength);
        }

        public StringBuilder appendTo(final StringBuilder builder)
        {
            if (null == buffer)
            {
                return builder;
            }

            builder.append('(');
            builder.append("topic=");
            builder.append(this.topic());
            builder.append('|');
            builder.append("q=");
            builder.append(this.q());
            builder.append('|');
            builder.append("p=");
            builder.append(this.p());
            builder.append('|');
            builder.append("t=");
            builder.append(this.t());
            builder.append('|');
            builder.append("age=");
            builder.append(this.age());
            builder.append('|');
            builder.append("state=");
            builder.append(this.state());
            builder.append('|');
            builder.append("flags=");
            final EntryFlagsDecoder flags = this.flags();
            if (null != flags)
            {
                flags.appendTo(builder);
            }
            else
            {
                builder.append("null");
            }
            builder.append('|');
            builder.append("value=");
            builder.append(skipValue()).append(" bytes of raw data");
            builder.append('|');
            builder.append("beside=");
            builder.append(skipBeside()).append(" bytes of raw data");
            builder.append(')');

            return builder;
        }
        
        public EntriesDecoder sbeSkip()
        {
            skipValue();
            skipBeside();

            return this;
        }
    }

    public static int subId()
    {
        return 17;
    }

    public static int subSinceVersion()
    {
        return 0;
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

    public int subLength()
    {
        final int limit = parentMessage.limit();
        return (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
    }

    public int skipSub()
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int dataOffset = limit + headerLength;
        parentMessage.limit(dataOffset + dataLength);

        return dataLength;
    }

    public int getSub(final MutableDirectBuffer dst, final int dstOffset, final int length)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int bytesCopied = Math.min(length, dataLength);
        parentMessage.limit(limit + headerLength + dataLength);
        buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

        return bytesCopied;
    }

    public int getSub(final byte[] dst, final int dstOffset, final int length)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int bytesCopied = Math.min(length, dataLength);
        parentMessage.limit(limit + headerLength + dataLength);
        buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

        return bytesCopied;
    }

    public void wrapSub(final DirectBuffer wrapBuffer)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        parentMessage.limit(limit + headerLength + dataLength);
        wrapBuffer.wrap(buffer, limit + headerLength, dataLength);
    }

    public String sub()
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        parentMessage.limit(limit + headerLength + dataLength);

        if (0 == dataLength)
        {
            return "";
        }

        final byte[] tmp = new byte[dataLength];
        buffer.getBytes(limit + headerLength, tmp, 0, dataLength);

        return new String(tmp, java.nio.charset.StandardCharsets.UTF_8);
    }

    public static int requestId()
    {
        return 18;
    }

    public static int requestSinceVersion()
    {
        return 0;
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

    public int requestLength()
    {
        final int limit = parentMessage.limit();
        return (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
    }

    public int skipRequest()
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int dataOffset = limit + headerLength;
        parentMessage.limit(dataOffset + dataLength);

        return dataLength;
    }

    public int getRequest(final MutableDirectBuffer dst, final int dstOffset, final int length)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int bytesCopied = Math.min(length, dataLength);
        parentMessage.limit(limit + headerLength + dataLength);
        buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

        return bytesCopied;
    }

    public int getRequest(final byte[] dst, final int dstOffset, final int length)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        final int bytesCopied = Math.min(length, dataLength);
        parentMessage.limit(limit + headerLength + dataLength);
        buffer.getBytes(limit + headerLength, dst, dstOffset, bytesCopied);

        return bytesCopied;
    }

    public void wrapRequest(final DirectBuffer wrapBuffer)
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        parentMessage.limit(limit + headerLength + dataLength);
        wrapBuffer.wrap(buffer, limit + headerLength, dataLength);
    }

    public String request()
    {
        final int headerLength = 2;
        final int limit = parentMessage.limit();
        final int dataLength = (buffer.getShort(limit, BYTE_ORDER) & 0xFFFF);
        parentMessage.limit(limit + headerLength + dataLength);

        if (0 == dataLength)
        {
            return "";
        }

        final byte[] tmp = new byte[dataLength];
        buffer.getBytes(limit + headerLength, tmp, 0, dataLength);

        return new String(tmp, java.nio.charset.StandardCharsets.UTF_8);
    }

    public String toString()
    {
        if (null == buffer)
        {
            return "";
        }

        final EnvelopeDecoder decoder = new EnvelopeDecoder();
        decoder.wrap(buffer, offset, actingBlockLength, actingVersion);

        return decoder.appendTo(new StringBuilder()).toString();
    }

    public StringBuilder appendTo(final StringBuilder builder)
    {
        if (null == buffer)
        {
            return builder;
        }

        final int originalLimit = limit();
        limit(offset + actingBlockLength);
        builder.append("[Envelope](sbeTemplateId=");
        builder.append(TEMPLATE_ID);
        builder.append("|sbeSchemaId=");
        builder.append(SCHEMA_ID);
        builder.append("|sbeSchemaVersion=");
        if (parentMessage.actingVersion != SCHEMA_VERSION)
        {
            builder.append(parentMessage.actingVersion);
            builder.append('/');
        }
        builder.append(SCHEMA_VERSION);
        builder.append("|sbeBlockLength=");
        if (actingBlockLength != BLOCK_LENGTH)
        {
            builder.append(actingBlockLength);
            builder.append('/');
        }
        builder.append(BLOCK_LENGTH);
        builder.append("):");
        builder.append("ts=");
        builder.append(this.ts());
        builder.append('|');
        builder.append("epoch=");
        builder.append(this.epoch());
        builder.append('|');
        builder.append("p=");
        builder.append(this.p());
        builder.append('|');
        builder.append("kind=");
        builder.append(this.kind());
        builder.append('|');
        builder.append("replaces=");
        builder.append(this.replaces());
        builder.append('|');
        builder.append("flags=");
        final MessageFlagsDecoder flags = this.flags();
        if (null != flags)
        {
            flags.appendTo(builder);
        }
        else
        {
            builder.append("null");
        }
        builder.append('|');
        builder.append("entries=[");
        final int entriesOriginalOffset = entries.offset;
        final int entriesOriginalIndex = entries.index;
        final EntriesDecoder entries = this.entries();
        if (entries.count() > 0)
        {
            while (entries.hasNext())
            {
                entries.next().appendTo(builder);
                builder.append(',');
            }
            builder.setLength(builder.length() - 1);
        }
        entries.offset = entriesOriginalOffset;
        entries.index = entriesOriginalIndex;
        builder.append(']');
        builder.append('|');
        builder.append("sub=");
        builder.append('\'').append(sub()).append('\'');
        builder.append('|');
        builder.append("request=");
        builder.append('\'').append(request()).append('\'');

        limit(originalLimit);

        return builder;
    }
    
    public EnvelopeDecoder sbeSkip()
    {
        sbeRewind();
        EntriesDecoder entries = this.entries();
        if (entries.count() > 0)
        {
            while (entries.hasNext())
            {
                entries.next();
                entries.sbeSkip();
            }
        }
        skipSub();
        skipRequest();

        return this;
    }
}
