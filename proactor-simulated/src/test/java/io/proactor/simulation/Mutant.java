package io.proactor.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The library, the simulation and its programs once more, with one bug planted. Nothing in the
 * sources knows of it: the class is changed when it is loaded.
 */
final class Mutant extends ClassLoader {

    private final Mutation mutation;
    private int planted;

    Mutant(Mutation mutation) {
        super(Mutant.class.getClassLoader());
        this.mutation = mutation;
    }

    /** Returns the first seed that fails, and how it does; empty if none of so many does. */
    @SuppressWarnings("unchecked")  // the class is MutantRun, of this loader
    String firstFailure(long seeds) throws ReflectiveOperationException {
        LongFunction<String> run = (LongFunction<String>)
                loadClass("io.proactor.simulation.MutantRun").getConstructor().newInstance();
        String found = run.apply(seeds);
        if (planted == 0) {
            throw new AssertionError(mutation + " was not planted: there is no such call");
        }
        return found;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.proactor.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = file.readAllBytes();
            for (Mutation.Site site : mutation.sites()) {
                if (site.type().equals(name)) {
                    code = planted(code, site);
                }
            }
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] planted(byte[] code, Mutation.Site site) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor,
                    String signature, String[] exceptions) {
                MethodVisitor to = super.visitMethod(access, name, descriptor, signature,
                        exceptions);
                return name.equals(site.method()) ? new Planting(to, site) : to;
            }
        }, 0);
        return writer.toByteArray();
    }

    /** Changes the calls. */
    private final class Planting extends MethodVisitor {
        private final Mutation.Site site;

        Planting(MethodVisitor to, Mutation.Site site) {
            super(Opcodes.ASM9, to);
            this.site = site;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                boolean onInterface) {
            if (!name.equals(site.call())) {
                super.visitMethodInsn(opcode, owner, name, descriptor, onInterface);
                return;
            }
            planted++;
            int words = Type.getArgumentsAndReturnSizes(descriptor) >> 2;  // with the receiver
            switch (mutation.edit()) {
                case NEVER -> drop(words);
                case FALSE -> {
                    drop(words);
                    super.visitInsn(Opcodes.ICONST_0);
                }
                case TWICE -> {
                    super.visitInsn(words == 1 ? Opcodes.DUP : Opcodes.DUP2);
                    super.visitMethodInsn(opcode, owner, name, descriptor, onInterface);
                    super.visitMethodInsn(opcode, owner, name, descriptor, onInterface);
                }
                case PROCEED -> {
                    drop(words);
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    super.visitVarInsn(Opcodes.ALOAD, 1);
                    super.visitMethodInsn(Opcodes.INVOKEVIRTUAL,
                            site.type().replace('.', '/'), "proceed",
                            "(Lio/proactor/operation/ReadOperation;)V", false);
                }
                case ANY_ID -> {
                    drop(words);
                    super.visitVarInsn(Opcodes.LLOAD, 1);
                }
                case BY_DESCRIPTOR -> super.visitMethodInsn(Opcodes.INVOKESTATIC,
                        "io/proactor/engine/simulated/ByDescriptor", "remove",
                        "(Ljava/util/List;Ljava/lang/Object;)Z", false);
            }
        }

        private void drop(int words) {
            for (int left = words; left > 0; left -= Math.min(left, 2)) {
                super.visitInsn(left == 1 ? Opcodes.POP : Opcodes.POP2);
            }
        }
    }
}
