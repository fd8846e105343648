package penstock.recording.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** A real disk with little room: as the kernel does, it takes what fits, and refuses the next byte. One thread. */
final class LittleDisk implements RecordDisk {
    private long room = Long.MAX_VALUE;

    void room(final long bytes) {
        room = bytes;
    }

    @Override
    public SeekableByteChannel create(final Path file) throws IOException {
        return new Channel(LOCAL.create(file));
    }

    private final class Channel implements SeekableByteChannel {
        private final SeekableByteChannel file;

        private Channel(final SeekableByteChannel file) {
            this.file = file;
        }

        @Override
        public int write(final ByteBuffer bytes) throws IOException {
            if (room == 0 && bytes.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            final ByteBuffer fits = bytes.slice(bytes.position(), (int) Math.min(room, bytes.remaining()));
            final int written = file.write(fits);
            bytes.position(bytes.position() + written);
            room -= written;
            return written;
        }

        @Override
        public int read(final ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(final long position) throws IOException {
            return file.position(position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(final long size) throws IOException {
            final long before = file.size();
            file.truncate(size);
            room += before - file.size();
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
