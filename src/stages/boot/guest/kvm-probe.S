/*
 * A firmware of a few instructions: from the reset vector into long mode with paging on, then the value 42 to the debug exit device.
 * accelerator.ts holds it assembled (as kvm-probe.S && objcopy -O binary; a test compares them) and adds the reset vector and
 * the page tables, at 0xf1000 because a firmware of 64 KiB appears there.
 */
	.code16
start:
	cli
	lgdtl	%cs:gdtr - start
	movl	$0x20, %eax		/* CR4.PAE */
	movl	%eax, %cr4
	movl	$0xf1000, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx	/* EFER.LME */
	rdmsr
	orl	$0x100, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000001, %eax	/* CR0.PG, CR0.PE */
	movl	%eax, %cr0
	ljmpl	$8, $0xf0000 + (long - start)
	.code64
long:
	movb	$42, %al
	outb	%al, $0xf4
1:	hlt
	jmp	1b
	.balign	8
gdt:	.quad	0, 0x00209b0000000000
gdtr:	.word	15
	.long	0xf0000 + (gdt - start)
