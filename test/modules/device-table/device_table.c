// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// MODULE_DEVICE_TABLE of several buses, and a driver that uses one.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/usb.h>

static const struct pci_device_id pci_ids[] = {
	{ PCI_DEVICE(0x1af4, 0xfff1), .driver_data = 7 },
	{ PCI_DEVICE_SUB(0x1af4, 0xfff2, 0x1af4, PCI_ANY_ID) },
	{ PCI_DEVICE_CLASS(0x0c0330, ~0), .vendor = 0xfffe },
	{ }
};
MODULE_DEVICE_TABLE(pci, pci_ids);

static const struct usb_device_id usb_ids[] = {
	{ USB_DEVICE(0xfffe, 0x0001) },
	{ USB_DEVICE_AND_INTERFACE_INFO(0xfffe, 2, 3, 4, 5) },
	{ }
};
MODULE_DEVICE_TABLE(usb, usb_ids);

static const struct of_device_id of_ids[] = {
	{ .compatible = "kport,fixture", .data = pci_ids },
	{ .compatible = "kport,fixture-2", .type = "block" },
	{ }
};
MODULE_DEVICE_TABLE(of, of_ids);

static const struct model {
	int ports;
} small = { 3 }, large = { 4 };

static const struct platform_device_id platform_ids[] = {
	{ "kport-fixture", (kernel_ulong_t)&small },
	{ "kport-other", (kernel_ulong_t)&large },
	{ }
};
MODULE_DEVICE_TABLE(platform, platform_ids);

static int fixture_probe(struct platform_device *pdev)
{
	const struct model *model = (const void *)platform_get_device_id(pdev)->driver_data;

	dev_info(&pdev->dev, "probed, %d ports\n", model->ports);
	return 0;
}

static struct platform_driver driver = {
	.probe = fixture_probe,
	.driver = { .name = "kport-driver", .of_match_table = of_ids },
	.id_table = platform_ids,
};
static struct platform_device *device;

static int __init table_init(void)
{
	int ret = platform_driver_register(&driver);

	if (ret)
		return ret;
	device = platform_device_register_simple("kport-other", PLATFORM_DEVID_NONE, NULL, 0);
	pr_info("%zu %zu %x %s\n", ARRAY_SIZE(pci_ids), ARRAY_SIZE(usb_ids), pci_ids[1].subvendor, of_ids[1].type);
	return 0;
}

static void __exit table_exit(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
}

module_init(table_init);
module_exit(table_exit);
MODULE_SOFTDEP("pre: crc32c");
MODULE_FIRMWARE("kport/none.bin");
MODULE_ALIAS("kport:fixture");

MODULE_DESCRIPTION("device-table");
MODULE_LICENSE("GPL");
