package io.gradwatch.agent.tail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A log that grows, read line by line from where it was read up to before. It may come later, be
 * renamed and followed by a new one (what was still written to the old one is read first), be cut
 * and written anew, or be copied and cut. Asks the file system at each look, so it works where
 * nobody tells of changes, as on NFS.
 *
 * <p>Not for use by two threads at once.
 */
final class LogFile implements Closeable {
  /** Most bytes of a line. */
  static final int LONGEST_LINE = 1 << 20;

  private final Path path;
  private final byte[] block;
  private FileMark start;
  private @Nullable FileChannel file;
  private @Nullable Object key;
  private ReadBytes read = new ReadBytes();
  private boolean opened;
  private boolean cut;
  private boolean passingOver;
  private long seenSize = -1;
  private @Nullable FileTime seenTime;

  /**
   * @param start up to where it was read before
   * @param block {@link #LONGEST_LINE} bytes for use during a look
   */
  LogFile(Path path, FileMark start, byte[] block) {
    this.path = path;
    this.start = start;
    this.block = block;
  }

  /** Up to where it is read. */
  FileMark mark() {
    return opened ? read.mark() : start;
  }

  /**
   * Reads on.
   *
   * @param most lines read at once
   * @param last true when there is no further look: what a line's end is missing of is offered, too
   * @return true when there may be more at once
   */
  boolean look(Lines out, int most, boolean last) throws IOException {
    BasicFileAttributes now = attributes();
    FileChannel open = file;
    if (now == null) {
      return open != null && drain(open, out, most); // renamed, and its writer may go on
    }
    if (open == null) {
      return begin(now, out, most, last);
    }
    if (!Objects.equals(now.fileKey(), key)) {
      return moveOn(open, now, out, most, last);
    }
    if (now.size() == seenSize && now.lastModifiedTime().equals(seenTime) && !last) {
      return false;
    }
    if (!read.mark().isOf(open)) {
      if (!cut && !last) {
        cut = true; // who writes it anew may be at it: the next look finds more of it
        return false;
      }
      if (!holdPredecessor(read.mark())) {
        beginAnew(open.size(), out);
      }
    }
    cut = false;
    return readOn(now, out, most, last);
  }

  private boolean begin(BasicFileAttributes now, Lines out, int most, boolean last)
      throws IOException {
    FileChannel found = open(path);
    if (found == null) {
      return false;
    }
    FileMark known = mark();
    if (known.isOf(found)) {
      hold(found, now.fileKey(), known);
    } else {
      found.close();
      if (!holdPredecessor(known)) {
        FileChannel anew = open(path);
        if (anew == null) {
          return false;
        }
        hold(anew, now.fileKey(), FileMark.NONE);
        out.begin(anew.size(), known.offset());
      }
    }
    return readOn(now, out, most, last);
  }

  /** Another file has taken the name: the end of this one first. */
  private boolean moveOn(
      FileChannel old, BasicFileAttributes now, Lines out, int most, boolean last)
      throws IOException {
    if (drain(old, out, most)) {
      return true;
    }
    if (now.size() == 0) {
      return false; // and the writer of the old one may not have noticed
    }
    FileMark known = read.mark();
    FileChannel next = open(path);
    if (next == null) {
      return false;
    }
    if (known.offset() > 0 && known.isOf(next)) {
      hold(next, now.fileKey(), known); // written anew under another name, with more
      return readOn(now, out, most, last);
    }
    if (drain(old, out, most)) {
      next.close();
      return true;
    }
    offerRest(old, out);
    long before = read.offset();
    hold(next, now.fileKey(), FileMark.NONE);
    out.begin(next.size(), before);
    return readOn(now, out, most, last);
  }

  private void beginAnew(long size, Lines out) {
    long before = read.offset();
    read = new ReadBytes();
    passingOver = false;
    out.begin(size, before);
  }

  private boolean readOn(BasicFileAttributes now, Lines out, int most, boolean last)
      throws IOException {
    FileChannel open = Objects.requireNonNull(file);
    boolean isNamed = Objects.equals(now.fileKey(), key);
    boolean more = drain(open, out, most);
    if (!more && isNamed) {
      seenSize = now.size();
      seenTime = now.lastModifiedTime();
      if (last) {
        offerRest(open, out);
      }
    }
    return more || !isNamed;
  }

  /** Reads whole lines; true when it stopped because they were enough. */
  private boolean drain(FileChannel open, Lines out, int most) throws IOException {
    int lines = 0;
    while (true) {
      int length = fill(open);
      int from = 0;
      for (int i = 0; i < length; i++) {
        if (block[i] == '\n') {
          int begin = from;
          from = i + 1;
          read.take(block, begin, from);
          read.endLine();
          deliver(begin, i, out);
          if (++lines == most) {
            return true;
          }
        }
      }
      if (from == 0 && (length == block.length || passingOver)) {
        passingOver = true;
        read.take(block, 0, length);
      }
      if (length < block.length) {
        return false;
      }
    }
  }

  private void deliver(int from, int to, Lines out) {
    if (passingOver) {
      passingOver = false;
      out.tooLong(read.line());
    } else {
      out.line(text(from, to), read.line());
    }
  }

  private void offerRest(FileChannel open, Lines out) throws IOException {
    int length = fill(open);
    if (length > 0 && !passingOver && out.rest(text(0, length), read.line() + 1)) {
      read.take(block, 0, length);
    }
  }

  /** Reads what comes next into the block; its length. */
  private int fill(FileChannel open) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(block);
    long offset = read.offset();
    int count = 1;
    while (buffer.hasRemaining() && count > 0) {
      count = open.read(buffer, offset + buffer.position());
    }
    return buffer.position();
  }

  private String text(int from, int to) {
    int end = to > from && block[to - 1] == '\r' ? to - 1 : to;
    String text = new String(block, from, end - from, StandardCharsets.UTF_8);
    return read.line() <= 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /**
   * Looks beside the file for the one that was read up to the mark: renamed, or a copy made before
   * the file was cut. Holds it when there is one, so that its end is read first.
   */
  private boolean holdPredecessor(FileMark mark) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    String stem = stem();
    if (mark.offset() == 0 || folder == null || stem.isEmpty()) {
      return false;
    }
    try (DirectoryStream<Path> beside = Files.newDirectoryStream(folder)) {
      for (Path other : beside) {
        String name = String.valueOf(other.getFileName());
        if (name.startsWith(stem) && !other.equals(path.toAbsolutePath()) && holds(other, mark)) {
          return true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return false;
  }

  private boolean holds(Path other, FileMark mark) throws IOException {
    if (!Files.isRegularFile(other)) {
      return false;
    }
    FileChannel channel = open(other);
    if (channel == null) {
      return false;
    }
    Object itsKey = Files.readAttributes(other, BasicFileAttributes.class).fileKey();
    if (itsKey == null || !mark.isOf(channel)) {
      channel.close();
      return false;
    }
    hold(channel, itsKey, mark);
    return true;
  }

  /** The file's name up to the extension. */
  private String stem() {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private void hold(FileChannel next, @Nullable Object itsKey, FileMark mark) throws IOException {
    if (file != null) {
      file.close();
    }
    file = next;
    key = itsKey;
    read = new ReadBytes(mark, next);
    opened = true;
    cut = false;
    passingOver = false;
    seenSize = -1;
    seenTime = null;
  }

  private @Nullable BasicFileAttributes attributes() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static @Nullable FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Lets go of the file; the next look opens it again where it was read up to. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
      seenSize = -1;
    }
  }
}
