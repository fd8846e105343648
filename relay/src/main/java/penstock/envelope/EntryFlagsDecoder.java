/* Generated SBE (Simple Binary Encoding) message codec. */
package penstock.envelope;

import org.agrona.DirectBuffer;

@SuppressWarnings("all")
public final class EntryFlagsDecoder
{
    public static final int SCHEMA_ID = 7367;
    public static final int SCHEMA_VERSION = 0;
    public static final String SEMANTIC_VERSION = "1";
    public static final int ENCODED_LENGTH = 1;
    public static final java.nio.ByteOrder BYTE_ORDER = java.nio.ByteOrder.LITTLE_ENDIAN;

    private int offset;
    private DirectBuffer buffer;

    public EntryFlagsDecoder wrap(final DirectBuffer buffer, final int offset)
    {
        if (buffer != this.buffer)
        {
            this.buffer = buffer;
        }
        this.offset = offset;

        return this;
    }

    public DirectBuffer buffer()
    {
        return buffer;
    }

    public int offset()
    {
        return offset;
    }

    public int encodedLength()
    {
        return ENCODED_LENGTH;
    }

    public int sbeSchemaId()
    {
        return SCHEMA_ID;
    }

    public int sbeSchemaVersion()
    {
        return SCHEMA_VERSION;
    }

    public boolean isEmpty()
    {
        return 0 == buffer.getByte(offset);
    }

    public short getRaw()
    {
        return ((short)(buffer.getByte(offset) & 0xFF));
    }

    public boolean change()
    {
        return 0 != (buffer.getByte(offset) & (1 << 0));
    }

    public static boolean change(final byte value)
    {
        return 0 != (value & (1 << 0));
    }

    public boolean removed()
    {
        return 0 != (buffer.getByte(offset) & (1 << 1));
    }

    public static boolean removed(final byte value)
    {
        return 0 != (value & (1 << 1));
    }

    public boolean payload()
    {
        return 0 != (buffer.getByte(offset) & (1 << 2));
    }

    public static boolean payload(final byte value)
    {
        return 0 != (value & (1 << 2));
    }

    public boolean valueIsPayload()
    {
        return 0 != (buffer.getByte(offset) & (1 << 3));
    }

    public static boolean valueIsPayload(final byte value)
    {
        return 0 != (value & (1 << 3));
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
        builder.append('{');
        boolean atLeastOne = false;
        if (change())
        {
            if (atLeastOne)
            {
                builder.append(',');
            }
            builder.append("change");
            atLeastOne = true;
        }
        if (removed())
        {
            if (atLeastOne)
            {
                builder.append(',');
            }
            builder.append("removed");
            atLeastOne = true;
        }
        if (payload())
        {
            if (atLeastOne)
            {
                builder.append(',');
            }
            builder.append("payload");
            atLeastOne = true;
        }
        if (valueIsPayload())
        {
            if (atLeastOne)
            {
                builder.append(',');
            }
            builder.append("valueIsPayload");
            atLeastOne = true;
        }
        builder.append('}');

        return builder;
    }
}
