// Which product an AMD chip is sold as: device id and revision, as libdrm's data/amdgpu.ids has them
// (github:X11Libre/mirror.fdo.drm@06675b4fbede), graphics from 2016 on. One chip is sold under several names.
#include "machine/amd.hpp"

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

struct Product {
  std::string_view device;
  int revision;
  std::string_view name;
};
constexpr std::array kProducts = {
    Product{"1435", 0xae, "AMD Custom GPU 0932"},
    Product{"163f", 0xae, "AMD Custom GPU 0405"},
    Product{"163f", 0xe1, "AMD Custom GPU 0405"},
    Product{"164e", 0xd8, "AMD Radeon 610M"},
    Product{"1681", 0x06, "AMD Radeon 680M"},
    Product{"1681", 0x07, "AMD Radeon 660M"},
    Product{"1681", 0x0a, "AMD Radeon 680M"},
    Product{"1681", 0x0b, "AMD Radeon 660M"},
    Product{"1681", 0xc7, "AMD Radeon 680M"},
    Product{"1681", 0xc8, "AMD Radeon 680M"},
    Product{"1681", 0xc9, "AMD Radeon 660M"},
    Product{"15bf", 0x00, "AMD Radeon 780M"},
    Product{"15bf", 0x01, "AMD Radeon 760M"},
    Product{"15bf", 0x02, "AMD Radeon 780M"},
    Product{"15bf", 0x03, "AMD Radeon 760M"},
    Product{"15bf", 0xc1, "AMD Radeon 780M"},
    Product{"15bf", 0xc2, "AMD Radeon 780M"},
    Product{"15bf", 0xc3, "AMD Radeon 760M"},
    Product{"15bf", 0xc4, "AMD Radeon 780M"},
    Product{"15bf", 0xc5, "AMD Radeon 740M"},
    Product{"15bf", 0xc6, "AMD Radeon 780M"},
    Product{"15bf", 0xc7, "AMD Radeon 780M"},
    Product{"15bf", 0xc8, "AMD Radeon 760M"},
    Product{"15bf", 0xc9, "AMD Radeon 780M"},
    Product{"15bf", 0xca, "AMD Radeon 740M"},
    Product{"15bf", 0xcb, "AMD Radeon 760M"},
    Product{"66a1", 0x02, "AMD Instinct MI60 / MI50"},
    Product{"66a1", 0x06, "AMD Radeon Pro VII"},
    Product{"66af", 0xc1, "AMD Radeon VII"},
    Product{"67df", 0xc1, "AMD Radeon RX 580"},
    Product{"67df", 0xc2, "AMD Radeon RX 570"},
    Product{"67df", 0xc3, "AMD Radeon RX 580"},
    Product{"67df", 0xc4, "AMD Radeon RX 480"},
    Product{"67df", 0xc5, "AMD Radeon RX 470"},
    Product{"67df", 0xc6, "AMD Radeon RX 570"},
    Product{"67df", 0xc7, "AMD Radeon RX 480"},
    Product{"67df", 0xcf, "AMD Radeon RX 470"},
    Product{"67df", 0xd7, "AMD Radeon RX 470"},
    Product{"67df", 0xe0, "AMD Radeon RX 470"},
    Product{"67df", 0xe1, "AMD Radeon RX 590"},
    Product{"67df", 0xe7, "AMD Radeon RX 580"},
    Product{"67df", 0xef, "AMD Radeon RX 570"},
    Product{"67df", 0xff, "AMD Radeon RX 470"},
    Product{"731f", 0xc0, "AMD Radeon RX 5700 XT"},
    Product{"731f", 0xc1, "AMD Radeon RX 5700 XT"},
    Product{"731f", 0xc2, "AMD Radeon RX 5600M"},
    Product{"731f", 0xc3, "AMD Radeon RX 5700M"},
    Product{"731f", 0xc4, "AMD Radeon RX 5700"},
    Product{"731f", 0xc5, "AMD Radeon RX 5700 XT"},
    Product{"731f", 0xca, "AMD Radeon RX 5600 XT"},
    Product{"731f", 0xcb, "AMD Radeon RX 5600 OEM"},
    Product{"7340", 0xc1, "AMD Radeon RX 5500M"},
    Product{"7340", 0xc3, "AMD Radeon RX 5300M"},
    Product{"7340", 0xc5, "AMD Radeon RX 5500 XT"},
    Product{"7340", 0xc7, "AMD Radeon RX 5500"},
    Product{"7340", 0xcf, "AMD Radeon RX 5300"},
    Product{"738c", 0x01, "AMD Instinct MI100"},
    Product{"73a1", 0x00, "AMD Radeon Pro V620"},
    Product{"73a3", 0x00, "AMD Radeon Pro W6800"},
    Product{"73a5", 0xc0, "AMD Radeon RX 6950 XT"},
    Product{"73af", 0xc0, "AMD Radeon RX 6900 XT"},
    Product{"73bf", 0xc0, "AMD Radeon RX 6900 XT"},
    Product{"73bf", 0xc1, "AMD Radeon RX 6800 XT"},
    Product{"73bf", 0xc3, "AMD Radeon RX 6800"},
    Product{"73df", 0xc0, "AMD Radeon RX 6750 XT"},
    Product{"73df", 0xc1, "AMD Radeon RX 6700 XT"},
    Product{"73df", 0xc2, "AMD Radeon RX 6800M"},
    Product{"73df", 0xc3, "AMD Radeon RX 6800M"},
    Product{"73df", 0xc5, "AMD Radeon RX 6700 XT"},
    Product{"73df", 0xcf, "AMD Radeon RX 6700M"},
    Product{"73df", 0xd5, "AMD Radeon RX 6750 GRE 12GB"},
    Product{"73df", 0xdf, "AMD Radeon RX 6700"},
    Product{"73df", 0xe5, "AMD Radeon RX 6750 GRE 12GB"},
    Product{"73df", 0xff, "AMD Radeon RX 6700"},
    Product{"73e0", 0x00, "AMD Radeon RX 6600M"},
    Product{"73e3", 0x00, "AMD Radeon Pro W6600"},
    Product{"73ef", 0xc0, "AMD Radeon RX 6800S"},
    Product{"73ef", 0xc1, "AMD Radeon RX 6650 XT"},
    Product{"73ef", 0xc2, "AMD Radeon RX 6700S"},
    Product{"73ef", 0xc3, "AMD Radeon RX 6650M"},
    Product{"73ef", 0xc4, "AMD Radeon RX 6650M XT"},
    Product{"73ff", 0xc1, "AMD Radeon RX 6600 XT"},
    Product{"73ff", 0xc3, "AMD Radeon RX 6600M"},
    Product{"73ff", 0xc7, "AMD Radeon RX 6600"},
    Product{"73ff", 0xcb, "AMD Radeon RX 6600S"},
    Product{"73ff", 0xcf, "AMD Radeon RX 6600 LE"},
    Product{"73ff", 0xdf, "AMD Radeon RX 6750 GRE 10GB"},
    Product{"7408", 0x00, "AMD Instinct MI250X"},
    Product{"740c", 0x01, "AMD Instinct MI250X / MI250"},
    Product{"740f", 0x02, "AMD Instinct MI210"},
    Product{"743f", 0xc1, "AMD Radeon RX 6500 XT"},
    Product{"743f", 0xc3, "AMD Radeon RX 6500M"},
    Product{"743f", 0xc7, "AMD Radeon RX 6400"},
    Product{"743f", 0xc8, "AMD Radeon RX 6500M"},
    Product{"743f", 0xd7, "AMD Radeon RX 6400"},
    Product{"7448", 0x00, "AMD Radeon Pro W7900"},
    Product{"7449", 0x00, "AMD Radeon Pro W7800 48GB"},
    Product{"744a", 0x00, "AMD Radeon Pro W7900 Dual Slot"},
    Product{"744c", 0xc8, "AMD Radeon RX 7900 XTX"},
    Product{"744c", 0xcc, "AMD Radeon RX 7900 XT"},
    Product{"744c", 0xce, "AMD Radeon RX 7900 GRE"},
    Product{"744c", 0xcf, "AMD Radeon RX 7900M"},
    Product{"745e", 0xcc, "AMD Radeon Pro W7800"},
    Product{"7470", 0x00, "AMD Radeon Pro W7700"},
    Product{"747e", 0xc8, "AMD Radeon RX 7800 XT"},
    Product{"747e", 0xd8, "AMD Radeon RX 7800M"},
    Product{"747e", 0xdb, "AMD Radeon RX 7700"},
    Product{"747e", 0xff, "AMD Radeon RX 7700 XT"},
    Product{"7480", 0x00, "AMD Radeon Pro W7600"},
    Product{"7480", 0xc0, "AMD Radeon RX 7600 XT"},
    Product{"7480", 0xc1, "AMD Radeon RX 7700S"},
    Product{"7480", 0xc2, "AMD Radeon RX 7650 GRE"},
    Product{"7480", 0xc3, "AMD Radeon RX 7600S"},
    Product{"7480", 0xc7, "AMD Radeon RX 7600M XT"},
    Product{"7480", 0xcf, "AMD Radeon RX 7600"},
    Product{"7483", 0xcf, "AMD Radeon RX 7600M"},
    Product{"7489", 0x00, "AMD Radeon Pro W7500"},
    Product{"74a0", 0x00, "AMD Instinct MI300A"},
    Product{"74a1", 0x00, "AMD Instinct MI300X"},
    Product{"74a2", 0x00, "AMD Instinct MI308X"},
    Product{"74a5", 0x00, "AMD Instinct MI325X"},
    Product{"7550", 0xc0, "AMD Radeon RX 9070 XT"},
    Product{"7550", 0xc2, "AMD Radeon RX 9070 GRE"},
    Product{"7550", 0xc3, "AMD Radeon RX 9070"},
    Product{"7551", 0xc0, "AMD Radeon AI PRO R9700"},
    Product{"7551", 0xc8, "AMD Radeon AI PRO R9600D"},
    Product{"7590", 0xc0, "AMD Radeon RX 9060 XT"},
    Product{"7590", 0xc1, "AMD Radeon RX 9060 XT LP"},
    Product{"7590", 0xc7, "AMD Radeon RX 9060"},
    Product{"75a0", 0x00, "AMD Instinct MI350X"},
    Product{"75a3", 0x00, "AMD Instinct MI355X"},
};

}  // namespace

std::vector<std::string> amd_products(std::string_view device_id, int revision) {
  std::vector<std::string> names;
  for (const Product& product : kProducts) {
    if (product.device != device_id || (revision >= 0 && product.revision != revision)) continue;
    if (std::find(names.begin(), names.end(), product.name) == names.end()) names.emplace_back(product.name);
  }
  // A revision that came after this list: any of the chip's names.
  if (names.empty() && revision >= 0) return amd_products(device_id, -1);
  return names;
}

}  // namespace jobfit
